import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { examineAws } from '../../../src-main/composition/aws/examine-aws.ts'
import { systemClock, type Clock } from '../../../src-main/lib/clock.ts'
import type { AwsAccess } from '../../../src-main/services/diagnostics/aws-access.ts'
import type { Drive } from '../../../src-main/services/drives/drive.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { aDrive, anS3FilesDrive } from '../../fakes/fake-drive-list.ts'
import type { AwsKey } from '../../harness/aws/account.ts'
import { keyLines, startLocalAws, type LocalAws } from '../../harness/aws/local-aws.ts'
import { awsError, awsJson, startScriptedService } from '../../harness/aws/scripted-service.ts'
import type { AwsReply, AwsService } from '../../harness/aws/service.ts'
import { waitFor } from '../../harness/wait-for.ts'

const never = new AbortController().signal
const bucketArn = 'arn:aws:s3:::photos'
const { fileSystemId } = anS3FilesDrive().fileSystem

let aws: LocalAws
let user: AwsKey
let skewMs: number
let services: Record<'s3files' | 'cloudwatch' | 's3', AwsService>
let s3Answers: Record<string, AwsReply>

beforeEach(async () => {
  skewMs = 0
  aws = await startLocalAws({ clock: systemClock, nowMs: () => Date.now() + skewMs })
  user = aws.account.addUser('ann')
  await aws.writeCredentials(`[default]\n${keyLines(user)}`)
  s3Answers = {
    GET: {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: '<ListBucketResult><Contents><Key>2026/a b.jpg</Key></Contents></ListBucketResult>',
    },
    HEAD: { status: 200, headers: { 'content-length': '0' } },
  }
  const answers: Record<string, AwsReply> = {
    '/file-systems': awsJson({ fileSystems: [] }),
    [`/file-systems/${fileSystemId}`]: awsJson({ fileSystemId, bucket: bucketArn, prefix: '2026/' }),
    '/mount-targets': awsJson({ mountTargets: [] }),
  }
  const common = { account: aws.account, nowMs: () => Date.now() }
  const missing = awsError(404, 'ResourceNotFoundException')
  services = {
    s3files: await startScriptedService({
      ...common,
      signedFor: 's3files',
      answer: ({ url }) => answers[url.pathname] ?? missing,
    }),
    cloudwatch: await startScriptedService({
      ...common,
      signedFor: 'monitoring',
      answer: () => awsError(403, 'AccessDenied'),
    }),
    s3: await startScriptedService({
      ...common,
      signedFor: 's3',
      answer: ({ method }) => s3Answers[method] ?? missing,
    }),
  }
})
afterEach(async () => {
  for (const service of Object.values(services)) await service[Symbol.asyncDispose]()
  await aws[Symbol.asyncDispose]()
})

function examine(
  drives: readonly Drive[],
  { clock = systemClock, signal = never }: { clock?: Clock; signal?: AbortSignal } = {},
): Promise<readonly AwsAccess[]> {
  const { settings } = aws.credentials
  const credentials = {
    ...aws.credentials,
    settings: {
      ...settings,
      endpointOf: (service: Parameters<typeof settings.endpointOf>[0]) =>
        service in services ? services[service as 's3'].url : settings.endpointOf(service),
    },
  }
  return examineAws({ credentials, drives, clock }, signal)
}

function requestsOfAll(): number {
  return [aws.sts, ...Object.values(services)].reduce((sum, { requests }) => sum + requests.length, 0)
}

describe('what AWS is to a drive', () => {
  test('is found out step by step, down to what each permission is', async () => {
    const [access, ...others] = await examine([aDrive(), anS3FilesDrive({ name: 'Data' })])
    expect(others).toEqual([])
    expect(access).toMatchObject({
      profile: 'default',
      driveName: 'Data',
      found: { kind: 'good', fact: 'default' },
      session: { kind: 'good', fact: 'keys that do not end' },
      clock: { kind: 'good' },
      caller: { kind: 'good', fact: user.arn },
      permissions: {
        's3files:ListFileSystems': { kind: 'allowed' },
        's3files:GetFileSystem': { kind: 'allowed' },
        's3files:ListMountTargets': { kind: 'allowed' },
        's3files:ClientMount': { kind: 'untried', why: 'Only mounting shows it.' },
        's3files:ClientWrite': { kind: 'untried', why: 'Only mounting shows it.' },
        's3:GetObject': { kind: 'allowed' },
        'cloudwatch:GetMetricData': { kind: 'denied' },
      },
    })
    expect(JSON.stringify(access)).not.toContain(user.secretAccessKey)
    const heads = services.s3.requests.filter(({ method }) => method === 'HEAD')
    expect(heads.map(({ url }) => url.pathname)).toEqual(['/photos/2026/a%20b.jpg'])
  })

  test.each<[string, AwsReply]>([
    ['may not be listed', { status: 403 }],
    [
      'is empty',
      { status: 200, headers: { 'content-type': 'application/xml' }, body: '<ListBucketResult/>' },
    ],
  ])('is not said of the objects of a bucket that %s', async (_, reply) => {
    s3Answers['GET'] = reply
    const [access] = await examine([anS3FilesDrive()])
    expect(access?.permissions?.['s3:GetObject']).toMatchObject({ kind: 'untried' })
  })

  test('is asked for the profile that counts when there is no drive, and for nobody without one', async () => {
    expect(await examine([aDrive()])).toMatchObject([{ profile: 'default', caller: { kind: 'good' } }])
    await aws.writeCredentials('')
    const before = requestsOfAll()
    expect(await examine([aDrive()])).toEqual([])
    expect(requestsOfAll()).toBe(before)
  })

  test.each([
    ['profile-unknown', ''],
    ['sign-in-needed', ssoProfile('work')],
    [
      'profile-source-missing',
      '[profile work]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = nobody\n',
    ],
  ])('ends with the profile where that is not good: %s', async (code, config) => {
    await aws.writeConfig(config)
    const [access] = await examine([driveOf('work')])
    expect(access).toEqual({
      profile: 'work',
      driveName: 'Photos',
      found: { kind: 'bad', error: expect.objectContaining({ code }) as unknown },
    })
    expect(requestsOfAll()).toBe(0)
  })

  test('is not asked with a code that nobody was asked for', async () => {
    await aws.writeConfig(
      '[profile work]\nrole_arn = arn:aws:iam::111122223333:role/safe\nsource_profile = default\nmfa_serial = arn:mfa\n',
    )
    const [access] = await examine([driveOf('work')])
    expect(access).toMatchObject({ found: { kind: 'good' }, session: { kind: 'untried' } })
    expect(requestsOfAll()).toBe(0)
  })

  test('ends with keys that AWS does not know', async () => {
    aws.account.revoke(user)
    const [access] = await examine([anS3FilesDrive()])
    expect(access).toMatchObject({ caller: { kind: 'bad', error: { code: 'credentials-rejected' } } })
    expect(access?.permissions).toBeUndefined()
  })

  test('is one finding with a clock that is wrong, and not two', async () => {
    skewMs = 20 * 60_000
    const [access] = await examine([anS3FilesDrive()])
    expect(access).toMatchObject({ clock: { kind: 'bad', error: { code: 'clock-skewed' } } })
    expect(access?.caller).toBeUndefined()
  })

  test('is not known without a network, and says so', async () => {
    await aws.sts[Symbol.asyncDispose]()
    const [access] = await examine([anS3FilesDrive()])
    expect(access).toMatchObject({ caller: { kind: 'bad', error: { code: 'aws-unreachable' } } })
    expect(access?.clock).toBeUndefined()
  })

  test('has a limit where AWS does not answer', async () => {
    const clock = new FakeClock()
    aws.sts.misbehave({ kind: 'hang' })
    const examining = examine([anS3FilesDrive()], { clock })
    await waitFor(() => aws.sts.requests.length > 0, { what: 'the question' })
    await clock.advance(30_000)
    expect(await examining).toMatchObject([{ caller: { kind: 'bad', error: { code: 'aws-timeout' } } }])
  })

  test('is not waited for by who has changed their mind', async () => {
    const interrupt = new AbortController()
    aws.sts.misbehave({ kind: 'hang' })
    const examining = examine([anS3FilesDrive()], { signal: interrupt.signal })
    await waitFor(() => aws.sts.requests.length > 0, { what: 'the question' })
    interrupt.abort(new Error('enough'))
    await expect(examining).rejects.toThrow('enough')
  })
})

function driveOf(profile: string): Drive {
  return anS3FilesDrive({ fileSystem: { ...anS3FilesDrive().fileSystem, profile } })
}

function ssoProfile(name: string): string {
  return (
    `[profile ${name}]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Reader\n` +
    '[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-central-1\n'
  )
}
