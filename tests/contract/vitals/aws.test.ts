import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { askAws } from '../../../src-main/composition/aws/ask-aws.ts'
import { systemClock } from '../../../src-main/lib/clock.ts'
import { createCloudWatchMetrics } from '../../../src-main/services/vitals/aws/cloudwatch-metrics.ts'
import { createS3Objects } from '../../../src-main/services/vitals/aws/s3-objects.ts'
import type { VitalsAws } from '../../../src-main/services/vitals/aws/vitals-aws.ts'
import type { BucketPlace, MetricQuery } from '../../../src-main/services/vitals/ports.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { startCloudWatch, type Datum } from '../../harness/aws/cloudwatch.ts'
import { keyLines, startLocalAws, type LocalAws } from '../../harness/aws/local-aws.ts'
import type { AwsService } from '../../harness/aws/service.ts'
import { Bucket } from '../../harness/s3files/bucket/bucket.ts'
import { startS3Endpoint, type S3Endpoint } from '../../harness/s3files/s3/s3-endpoint.ts'
import { S3Error } from '../../harness/s3files/s3/s3-error.ts'

const { signal } = new AbortController()
const region = 'eu-central-1'
const madeMs = Date.UTC(2026, 0, 2, 3, 4, 5)
const place: BucketPlace = { bucket: 'photos', region, profile: 'work' }

let local: LocalAws
let bucket: Bucket
let s3: S3Endpoint
let cloudWatch: AwsService
let data: Datum[]

beforeEach(async () => {
  local = await startLocalAws({ clock: systemClock })
  const keys = keyLines(local.account.addUser('ann'))
  await local.writeCredentials(`[work]\n${keys}\n[default]\n${keys}`)
  bucket = new Bucket('photos', new FakeClock(madeMs))
  s3 = await startS3Endpoint({ buckets: [bucket], host: '127.0.0.1', region })
  data = []
  cloudWatch = await startCloudWatch({ account: local.account, nowMs: () => Date.now(), data })
})
afterEach(async () => {
  await s3[Symbol.asyncDispose]()
  await cloudWatch[Symbol.asyncDispose]()
  await local[Symbol.asyncDispose]()
})

/** As the app makes it, with the services of this machine in place of Amazon's. */
function aws(): VitalsAws {
  const { settings } = local.credentials
  const endpoints: Partial<Record<string, string>> = { s3: s3.url, cloudwatch: cloudWatch.url }
  const endpointOf: typeof settings.endpointOf = (service) =>
    endpoints[service] ?? settings.endpointOf(service)
  return askAws({ ...local.credentials, settings: { ...settings, endpointOf } })
}

describe('an object', () => {
  test.each(['a.txt', 'team/ä b&<c>+%2F?x=1#y.txt', 'team/ /..a'])(
    'is told by its facts, whatever its name: %s',
    async (key) => {
      const { etag } = bucket.put(key, Buffer.from('hello'))
      expect(await createS3Objects(aws()).head(place, key, signal)).toEqual({
        key,
        size: 5,
        etag,
        lastModifiedMs: madeMs,
      })
    },
  )

  test('that is not there is nothing', async () => {
    expect(await createS3Objects(aws()).head(place, 'nothing', signal)).toBeUndefined()
  })

  test('that was deleted is nothing either', async () => {
    bucket.put('a.txt', Buffer.from('hello'))
    bucket.delete('a.txt')
    expect(await createS3Objects(aws()).head(place, 'a.txt', signal)).toBeUndefined()
  })

  test('may be asked for as the default profile', async () => {
    const objects = createS3Objects(aws())
    bucket.put('a.txt', Buffer.from('hello'))
    expect(await objects.head({ ...place, profile: undefined }, 'a.txt', signal)).toMatchObject({ size: 5 })
  })
})

describe('a listing', () => {
  test('has what is right in a folder, after a key, in order', async () => {
    for (const key of ['d/a', 'd/b', 'd/c', 'd/ä', 'd/sub/x', 'e/y']) bucket.put(key, Buffer.from(key))
    const page = await createS3Objects(aws()).list(place, { prefix: 'd/', after: 'd/a' }, signal)
    expect(page.objects.map(({ key, size }) => [key, size])).toEqual([
      ['d/b', 3],
      ['d/c', 3],
      ['d/ä', 4],
    ])
    expect(page.objects[0]).toMatchObject({ lastModifiedMs: madeMs })
    expect(page.next).toBeUndefined()
  })

  test('of more than a thousand goes on after the last key that it has', async () => {
    for (let file = 0; file < 1_002; file++)
      bucket.put(`d/${String(file).padStart(4, '0')}`, Buffer.from('x'))
    const objects = createS3Objects(aws())
    const first = await objects.list(place, { prefix: 'd/', after: undefined }, signal)
    expect(first.objects).toHaveLength(1_000)
    expect(first.next).toBe('d/0999')
    const second = await objects.list(place, { prefix: 'd/', after: first.next }, signal)
    expect(second.objects.map(({ key }) => key)).toEqual(['d/1000', 'd/1001'])
    expect(second.next).toBeUndefined()
  })
})

describe('what S3 refuses', () => {
  test.each([
    [new S3Error(403, 'AccessDenied'), 'aws-denied'],
    [new S3Error(503, 'SlowDown'), 'aws-throttled'],
  ])('a listing for: %o', async (refusal, code) => {
    s3.refuseWith(refusal)
    const asking = createS3Objects(aws()).list(place, { prefix: '', after: undefined }, signal)
    await expect(asking).rejects.toMatchObject({ code })
  })

  test('a question for one object is a want of permission, though S3 gives no reason', async () => {
    s3.refuseWith(new S3Error(403, 'AccessDenied'))
    await expect(createS3Objects(aws()).head(place, 'a', signal)).rejects.toMatchObject({
      code: 'aws-denied',
      args: { action: 's3:GetObject' },
    })
  })

  test('by not being there is said as that', async () => {
    await s3[Symbol.asyncDispose]()
    const asking = createS3Objects(aws()).head(place, 'a', signal)
    await expect(asking).rejects.toMatchObject({ code: 'aws-unreachable' })
    s3 = await startS3Endpoint({ buckets: [bucket], host: '127.0.0.1', region })
  })
})

test('how far S3’s clock is ahead is known after the first answer', async () => {
  const objects = createS3Objects(aws())
  expect(objects.skewMs()).toBeUndefined()
  await objects.head(place, 'a', signal)
  expect(Math.abs(objects.skewMs()!)).toBeLessThan(5_000)
})

test('a question that is called off ends with the reason for that', async () => {
  const calledOff = new AbortController()
  calledOff.abort(new Error('enough'))
  const asking = createS3Objects(aws()).head(place, 'a', calledOff.signal)
  await expect(asking).rejects.toThrow('enough')
})

describe('CloudWatch', () => {
  const query = (name: string, fileSystemId = 'fs-1'): MetricQuery => ({
    namespace: 'AWS/S3/Files',
    name,
    dimensions: { FileSystemId: fileSystemId },
    statistic: 'Sum',
    periodSeconds: 60,
  })
  const sinceMs = (): number => Date.now() - 15 * 60_000

  test('tells the newest value of each metric in the order of the questions, with one request', async () => {
    const now = Math.floor(Date.now() / 60_000) * 60_000
    const datum = { metric: 'PendingExports', fileSystemId: 'fs-1' }
    data.push({ ...datum, atMs: now - 180_000, value: 9 }, { ...datum, atMs: now - 120_000, value: 4 })
    data.push({ metric: 'ExportAge', fileSystemId: 'fs-2', atMs: now - 60_000, value: 66 })
    data.push({ ...datum, metric: 'ImportFailures', atMs: now - 3_600_000, value: 1 })
    const metrics = createCloudWatchMetrics(aws(), () => Date.now())
    const queries = [query('ExportAge', 'fs-2'), query('PendingExports'), query('ImportFailures')]
    expect(await metrics.get(place, queries, sinceMs(), signal)).toEqual([
      { atMs: now - 60_000, value: 66 },
      { atMs: now - 120_000, value: 4 },
      undefined,
    ])
    expect(cloudWatch.requests).toHaveLength(1)
  })

  test('takes five hundred at once', async () => {
    const metrics = createCloudWatchMetrics(aws(), () => Date.now())
    const queries = Array.from({ length: 500 }, (_, index) => query('ExportAge', `fs-${index}`))
    expect(await metrics.get(place, queries, sinceMs(), signal)).toHaveLength(500)
  })

  test.each([
    [{ kind: 'throttle' }, 'aws-throttled'],
    [{ kind: 'fail', status: 500 }, 'aws-failed'],
    [{ kind: 'cut' }, 'aws-unreachable'],
  ] as const)('that does %o is told in our words', async (how, code) => {
    cloudWatch.misbehave(how)
    const metrics = createCloudWatchMetrics(aws(), () => Date.now())
    await expect(metrics.get(place, [query('ExportAge')], sinceMs(), signal)).rejects.toMatchObject({ code })
  })
})
