import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { systemClock } from '../../../src-main/lib/clock.ts'
import type { AwsSettings } from '../../../src-main/services/credentials/aws/client-settings.ts'
import {
  checkPermissions,
  type PermissionQuestion,
} from '../../../src-main/services/credentials/permissions/permissions.ts'
import type { Session } from '../../../src-main/services/credentials/sessions/session.ts'
import type { AwsKey } from '../../harness/aws/account.ts'
import { keyLines, startLocalAws, type LocalAws } from '../../harness/aws/local-aws.ts'
import { awsError, awsJson, startScriptedService } from '../../harness/aws/scripted-service.ts'
import type { AwsReply, AwsService } from '../../harness/aws/service.ts'

const signal = new AbortController().signal
const fileSystemId = 'fs-0123456789abcdef0'
const object = { bucket: 'photos', key: 'ä b/c+d.jpg' }

let aws: LocalAws
let user: AwsKey
let session: Session
let services: Record<'s3files' | 'cloudwatch' | 's3', AwsService>
let answers: Record<string, AwsReply>

beforeEach(async () => {
  aws = await startLocalAws({ clock: systemClock })
  user = aws.account.addUser('ann')
  await aws.writeCredentials(`[default]\n${keyLines(user)}`)
  session = await aws.credentials.sessions.sessionFor('default', signal)
  answers = {
    '/file-systems': awsJson({ fileSystems: [] }),
    [`/file-systems/${fileSystemId}`]: awsJson({ fileSystemId, status: 'available' }),
    '/mount-targets': awsJson({ mountTargets: [] }),
    cloudwatch: awsJson({ MetricDataResults: [] }),
    s3: { status: 200, headers: { 'content-length': '0' } },
  }
  const start = (signedFor: string, keyOf: (path: string) => string): Promise<AwsService> =>
    startScriptedService({
      account: aws.account,
      signedFor,
      nowMs: () => Date.now(),
      answer: ({ url }) => answers[keyOf(url.pathname)] ?? awsError(404, 'ResourceNotFoundException'),
    })
  services = {
    s3files: await start('s3files', (path) => path),
    cloudwatch: await start('monitoring', () => 'cloudwatch'),
    s3: await start('s3', () => 's3'),
  }
})
afterEach(async () => {
  for (const service of Object.values(services)) await service[Symbol.asyncDispose]()
  await aws[Symbol.asyncDispose]()
})

async function verdicts(question: Partial<PermissionQuestion> = {}): Promise<Record<string, unknown>> {
  const { sts, settings } = aws.credentials
  const endpoints: AwsSettings = {
    ...settings,
    endpointOf: (service) =>
      service in services ? services[service as 's3'].url : settings.endpointOf(service),
  }
  const options = { sts, settings: endpoints, clock: systemClock }
  const { rows } = await checkPermissions(
    { session, region: 'eu-central-1', fileSystemId, object, ...question },
    options,
    signal,
  )
  return Object.fromEntries(
    rows.map(({ permission, verdict }) => [
      permission,
      verdict.kind === 'untried' ? verdict.because : verdict.kind,
    ]),
  )
}

const allAllowed = {
  's3files:ListFileSystems': 'allowed',
  's3files:GetFileSystem': 'allowed',
  's3files:ListMountTargets': 'allowed',
  's3files:ClientMount': 'mounting-shows',
  's3files:ClientWrite': 'mounting-shows',
  's3:GetObject': 'allowed',
  'cloudwatch:GetMetricData': 'allowed',
}

describe('what the AWS account allows', () => {
  test('is what AWS answers to, and what only a mount can show is not claimed', async () => {
    expect(await verdicts()).toEqual(allAllowed)
  })

  test.each([
    ['s3files:ListFileSystems', '/file-systems', 'AccessDeniedException'],
    ['s3files:GetFileSystem', `/file-systems/${fileSystemId}`, 'AccessDeniedException'],
    ['s3files:ListMountTargets', '/mount-targets', 'AccessDeniedException'],
    ['cloudwatch:GetMetricData', 'cloudwatch', 'AccessDenied'],
  ])('is not %s when AWS denies it, whatever else is allowed', async (permission, key, name) => {
    answers[key] = awsError(403, name, 'User is not authorized to perform it')
    expect(await verdicts()).toEqual({ ...allAllowed, [permission]: 'denied' })
  })

  test('is not s3:GetObject when S3 refuses to show the object', async () => {
    answers['s3'] = { status: 403 }
    expect(await verdicts()).toEqual({ ...allAllowed, 's3:GetObject': 'denied' })
  })

  test('stays open where the answer is neither yes nor no', async () => {
    answers['s3'] = { status: 404 }
    answers['/mount-targets'] = awsError(404, 'ResourceNotFoundException')
    services.cloudwatch.misbehave({ kind: 'throttle' })
    expect(await verdicts()).toEqual({
      ...allAllowed,
      's3:GetObject': 'unclear',
      's3files:ListMountTargets': 'unclear',
      'cloudwatch:GetMetricData': 'unclear',
    })
  })

  test('is not tried without something to try it on', async () => {
    expect(await verdicts({ fileSystemId: undefined, object: undefined })).toEqual({
      's3files:ListFileSystems': 'allowed',
      's3files:GetFileSystem': 'no-file-system',
      's3files:ListMountTargets': 'no-file-system',
      's3files:ClientMount': 'mounting-shows',
      's3files:ClientWrite': 'mounting-shows',
      's3:GetObject': 'no-object',
      'cloudwatch:GetMetricData': 'no-file-system',
    })
  })

  test('is not asked with credentials that AWS does not know', async () => {
    aws.account.revoke(user)
    await expect(verdicts()).rejects.toMatchObject({ code: 'credentials-rejected' })
    expect(services.s3files.requests).toEqual([])
  })
})
