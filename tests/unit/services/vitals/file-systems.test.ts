import { afterEach, beforeEach, expect, test } from 'vitest'

import { silentLogger } from '../../../../src-main/lib/logger.ts'
import { createVitals } from '../../../../src-main/services/vitals/create-vitals.ts'
import type { ObjectsPlace, Vitals, WatchedDrive } from '../../../../src-main/services/vitals/vitals.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { FakeMetrics } from '../../../fakes/fake-metrics.ts'
import { FakeObjectStore } from '../../../fakes/fake-object-store.ts'

const minute = 60_000

let clock: FakeClock
let metrics: FakeMetrics
let vitals: Vitals
let changes: number

beforeEach(() => {
  clock = new FakeClock()
  metrics = new FakeMetrics()
  vitals = createVitals({ objects: new FakeObjectStore(clock), metrics, clock, log: silentLogger })
  changes = 0
  vitals.fileSystemsChanged.on(() => (changes += 1))
})
afterEach(() => vitals[Symbol.dispose]())

function watch(fileSystemId: string, more: Partial<ObjectsPlace & { kind: 's3' }> = {}): WatchedDrive {
  const place = { kind: 's3', bucket: 'b', keyPrefix: '', region: 'eu-central-1', profile: 'work' } as const
  return vitals.watch({ driveId: fileSystemId, objects: { ...place, fileSystemId, ...more } })
}

test('all metrics of all file systems of a region and profile are asked for at once, every five minutes', async () => {
  watch('fs-1')
  watch('fs-2')
  watch('fs-1')
  await clock.advance(10_000)
  expect(metrics.asked).toHaveLength(1)
  const [{ place, queries, sinceMs }] = metrics.asked as [(typeof metrics.asked)[0]]
  expect(place).toMatchObject({ region: 'eu-central-1', profile: 'work' })
  expect(queries).toHaveLength(10)
  expect(queries[1]).toEqual({
    namespace: 'AWS/S3/Files',
    name: 'ExportAge',
    dimensions: { FileSystemId: 'fs-1' },
    statistic: 'Maximum',
    periodSeconds: 60,
  })
  expect(clock.now() - sinceMs).toBeLessThan(16 * minute)
  await clock.advance(60 * minute)
  expect(metrics.asked).toHaveLength(13)
})

test('what it says is told in our words, and what it does not say is absent', async () => {
  metrics.values.set('fs-1 PendingExports', { atMs: 5_000, value: 12 })
  metrics.values.set('fs-1 ExportAge', { atMs: 6_000, value: 66 })
  metrics.values.set('fs-1 LostAndFoundFiles', { atMs: 5_000, value: 3 })
  watch('fs-1')
  watch('fs-silent')
  await clock.advance(10_000)
  expect(changes).toBe(1)
  expect(vitals.fileSystems()).toEqual([
    {
      fileSystemId: 'fs-1',
      region: 'eu-central-1',
      profile: 'work',
      atMs: 6_000,
      pendingExports: 12,
      exportAgeMs: 66_000,
      exportFailures: undefined,
      importFailures: undefined,
      lostAndFoundFiles: 3,
    },
  ])
})

test('other regions and profiles are asked apart', async () => {
  watch('fs-1')
  watch('fs-2', { region: 'us-east-1' })
  watch('fs-3', { profile: undefined })
  await clock.advance(10_000)
  expect(metrics.asked.map(({ place: { region, profile } }) => [region, profile])).toEqual([
    ['eu-central-1', 'work'],
    ['us-east-1', 'work'],
    ['eu-central-1', undefined],
  ])
})

test('one that is mounted later does not wait for the next round of the others', async () => {
  watch('fs-1')
  await clock.advance(minute)
  watch('fs-2')
  await clock.advance(10_000)
  expect(metrics.asked).toHaveLength(2)
})

test('nothing is asked while no drive of it is mounted', async () => {
  const drive = watch('fs-1')
  const other = watch('fs-1')
  metrics.values.set('fs-1 PendingExports', { atMs: 0, value: 1 })
  await clock.advance(10_000)
  drive.setMounted(false)
  await clock.advance(6 * minute)
  expect(metrics.asked).toHaveLength(2)
  other.setMounted(false)
  expect(vitals.fileSystems()).toEqual([])
  await clock.advance(60 * minute)
  expect(metrics.asked).toHaveLength(2)
  expect(clock.pendingCount).toBe(0)
  other.setMounted(true)
  await clock.advance(10_000)
  expect(metrics.asked).toHaveLength(3)
})

test('where it is not permitted it is asked once an hour; where it fails, as ever', async () => {
  metrics.error = new AppError('aws-denied', { action: 'cloudwatch:GetMetricData' })
  watch('fs-1')
  await clock.advance(59 * minute)
  expect(metrics.asked).toHaveLength(1)
  metrics.error = new AppError('aws-timeout', { host: 'monitoring' })
  await clock.advance(12 * minute)
  expect(metrics.asked.length).toBeGreaterThanOrEqual(3)
})

test('a hundred file systems fit one question, more take another', async () => {
  for (let one = 0; one < 101; one++) watch(`fs-${one}`)
  await clock.advance(10_000)
  expect(metrics.asked.map(({ queries }) => queries.length)).toEqual([500, 5])
})

test('a Sandbox and a drive of an unknown bucket are not asked about', async () => {
  vitals.watch({ driveId: 'a', objects: { kind: 'unknown' } })
  vitals.watch({ driveId: 'b', objects: { kind: 'simulated', sourceDir: '/s', bucketDir: '/b' } })
  await clock.advance(60 * minute)
  expect(metrics.asked).toEqual([])
})
