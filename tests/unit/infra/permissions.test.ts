import { describe, expect, test } from 'vitest'

import { wayIns } from '../../../infra/api/way-in.ts'
import { deploy, templateOf, type CfnResource } from './cloudformation.ts'
import { decide, statementsOf, type Request } from './iam.ts'

const account = '111122223333'
const keyArn = `arn:aws:kms:eu-north-1:${account}:key/0f8fad5b-d9cb-469f-a165-70867728950e`
const photographer = `arn:aws:iam::${account}:role/photographer`
const somebody = `arn:aws:iam::${account}:role/somebody`

function deployed(parameters: Readonly<Record<string, string>> = {}): Readonly<Record<string, CfnResource>> {
  return deploy(templateOf('ssm'), { ExistingBucketName: 'photos-2026', ...parameters }).resources
}

describe('the role that S3 Files assumes', () => {
  const resources = deployed({ KmsKeyArn: keyArn })
  const mayDo = statementsOf(resources.ServiceRolePolicy?.Properties.PolicyDocument)
  const here = { 'aws:ResourceAccount': account }
  const managed = { 'events:ManagedBy': 'elasticfilesystem.amazonaws.com' }
  const rule = `arn:aws:events:eu-north-1:${account}:rule`
  const viaS3 = { 'kms:ViaService': 's3.eu-north-1.amazonaws.com' }
  const ofBucket = { ...viaS3, 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::photos-2026' }

  const requests: readonly (readonly [string, Request, boolean])[] = [
    ['list the bucket', on('s3:ListBucket', 'arn:aws:s3:::photos-2026', here), true],
    ['list its versions', on('s3:ListBucketVersions', 'arn:aws:s3:::photos-2026', here), true],
    ['read an object', on('s3:GetObject', 'arn:aws:s3:::photos-2026/a/b.jpg', here), true],
    ['read an old version', on('s3:GetObjectVersion', 'arn:aws:s3:::photos-2026/a/b.jpg', here), true],
    ['write an object', on('s3:PutObject', 'arn:aws:s3:::photos-2026/a/b.jpg', here), true],
    ['tag an object', on('s3:PutObjectTagging', 'arn:aws:s3:::photos-2026/a/b.jpg', here), true],
    ['delete an object', on('s3:DeleteObject', 'arn:aws:s3:::photos-2026/a/b.jpg', here), true],
    ['end an upload', on('s3:AbortMultipartUpload', 'arn:aws:s3:::photos-2026/a/b.jpg', here), true],
    ['read another bucket', on('s3:GetObject', 'arn:aws:s3:::secrets/a', here), false],
    [
      'read a bucket of a similar name',
      on('s3:GetObject', 'arn:aws:s3:::photos-2026-private/a', here),
      false,
    ],
    [
      'read a bucket of that name that is somebody else’s',
      on('s3:GetObject', 'arn:aws:s3:::photos-2026/a', { 'aws:ResourceAccount': '444455556666' }),
      false,
    ],
    ['delete the bucket', on('s3:DeleteBucket', 'arn:aws:s3:::photos-2026', here), false],
    ['change its policy', on('s3:PutBucketPolicy', 'arn:aws:s3:::photos-2026', here), false],
    ['turn off versions', on('s3:PutBucketVersioning', 'arn:aws:s3:::photos-2026', here), false],
    ['use the key for the bucket', on('kms:GenerateDataKey', keyArn, ofBucket), true],
    [
      'use the key for an object',
      on('kms:Decrypt', keyArn, {
        ...viaS3,
        'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::photos-2026/a',
      }),
      true,
    ],
    [
      'use the key for another bucket',
      on('kms:Decrypt', keyArn, { ...viaS3, 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::secrets' }),
      false,
    ],
    ['use the key by itself', on('kms:Decrypt', keyArn, { ...ofBucket, 'kms:ViaService': 'ec2' }), false],
    ['use another key', on('kms:Decrypt', keyArn.replace('0f8f', 'ffff'), ofBucket), false],
    ['make its rule', on('events:PutRule', `${rule}/DO-NOT-DELETE-S3-Files-x`, managed), true],
    ['make a rule that it would not manage', on('events:PutRule', `${rule}/DO-NOT-DELETE-S3-Files-x`), false],
    ['change a rule of somebody else', on('events:PutRule', `${rule}/nightly`, managed), false],
    ['look at rules', on('events:DescribeRule', `${rule}/nightly`), true],
    ['give itself more', on('iam:PutRolePolicy', `arn:aws:iam::${account}:role/photos`), false],
  ]

  test.each(requests)('to %s', (_what, request, may) => {
    expect(decide(mayDo, request)).toBe(may ? 'allowed' : 'not allowed')
  })

  test('has nothing to do with keys when the bucket has none of its own', () => {
    const { ServiceRolePolicy } = deployed()
    expect(JSON.stringify(ServiceRolePolicy)).not.toContain('kms:')
  })

  const trust = statementsOf(resources.ServiceRole?.Properties.AssumeRolePolicyDocument)
  const source = (fileSystem: string, from: string) => ({
    'aws:SourceAccount': from,
    'aws:SourceArn': fileSystem,
  })
  const fileSystem = `arn:aws:s3files:eu-north-1:${account}:file-system/fs-0123456789abcdef0`

  test.each([
    [
      'S3 Files for a file system of this account',
      'elasticfilesystem.amazonaws.com',
      fileSystem,
      account,
      true,
    ],
    ['S3 Files for somebody else', 'elasticfilesystem.amazonaws.com', fileSystem, '444455556666', false],
    [
      'S3 Files for somebody else’s file system',
      'elasticfilesystem.amazonaws.com',
      fileSystem.replace(account, '444455556666'),
      account,
      false,
    ],
    [
      'EFS for one of its own',
      'elasticfilesystem.amazonaws.com',
      fileSystem.replace('s3files', 'elasticfilesystem'),
      account,
      false,
    ],
    ['another service', 'ec2.amazonaws.com', fileSystem, account, false],
    ['a role of this account', somebody, fileSystem, account, false],
  ])('is assumed by %s: see last column', (_who, principal, arn, from, may) => {
    const request = { action: 'sts:AssumeRole', resource: '', principal, context: source(arn, from) }
    expect(decide(trust, request)).toBe(may ? 'allowed' : 'not allowed')
  })
})

describe('the policy of the file system', () => {
  const ours = { 's3files:AccessPointArn': '<AccessPoint.AccessPointArn>' }
  const other = {
    's3files:AccessPointArn': 'arn:aws:s3files:eu-north-1:111122223333:file-system/fs-1/access-point/fsap-2',
  }
  const asRoot = { ClientPrincipalArn: photographer }
  const asUser = { ...asRoot, PosixUid: '1000', PosixGid: '1000' }

  const requests: readonly (readonly [string, Readonly<Record<string, string>>, Request, string])[] = [
    ['the client mounts', asRoot, mount('ClientMount', photographer, ours), 'allowed'],
    ['the client writes', asRoot, mount('ClientWrite', photographer, ours), 'allowed'],
    [
      'the client is root, as the access point is',
      asRoot,
      mount('ClientRootAccess', photographer, ours),
      'allowed',
    ],
    [
      'the client is root, but the access point is not',
      asUser,
      mount('ClientRootAccess', photographer, ours),
      'denied',
    ],
    ['the client goes by another access point', asRoot, mount('ClientMount', photographer, other), 'denied'],
    ['the client goes by none', asRoot, mount('ClientMount', photographer), 'denied'],
    [
      'somebody else of the account mounts: their own policy decides',
      asRoot,
      mount('ClientMount', somebody, ours),
      'not allowed',
    ],
    [
      'somebody else goes by none, whatever their policy says',
      asRoot,
      mount('ClientMount', somebody),
      'denied',
    ],
    [
      'nobody was named: the user’s own policy decides',
      {},
      mount('ClientMount', photographer, ours),
      'not allowed',
    ],
    ['nobody was named, and somebody goes by none', {}, mount('ClientWrite', photographer), 'denied'],
  ]

  test.each(requests)('when %s', (_when, parameters, request, answer) => {
    const { FileSystemPolicy } = deployed(parameters)
    expect(decide(statementsOf(FileSystemPolicy?.Properties.Policy), request)).toBe(answer)
  })
})

describe('the policy of a new bucket', () => {
  const { BucketPolicy } = deploy(templateOf('ssm'), {}).resources
  const statements = statementsOf(BucketPolicy?.Properties.PolicyDocument)

  test.each([
    ['refuses requests without TLS', 'false', 'denied'],
    ['has nothing to say about others', 'true', 'not allowed'],
  ])('%s', (_what, secure, answer) => {
    const context = { 'aws:SecureTransport': secure }
    const request = { action: 's3:GetObject', resource: '<Bucket.Arn>/a', principal: photographer, context }
    expect(decide(statements, request)).toBe(answer)
  })
})

test.each(wayIns)('no policy of %s allows anything on all resources but what has none', (wayIn) => {
  const parameters = wayIn === 'ssm' ? {} : { AllowedCidr: '10.8.0.0/16' }
  const policies = Object.values(deploy(templateOf(wayIn), { ...parameters, KmsKeyArn: keyArn }).resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument))
  const onEverything = policies.filter(({ Resource = [] }) => Resource.includes('*'))
  expect(onEverything.flatMap(({ Action }) => Action)).toEqual(
    wayIn === 'ssm'
      ? [
          'ssm:UpdateInstanceInformation',
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ]
      : [],
  )
  expect(policies.flatMap(({ Action }) => Action).filter((action) => /^\*|:\*$/.test(action))).toEqual([])
})

function on(action: string, resource: string, context: Readonly<Record<string, string>> = {}): Request {
  return { action, resource, context }
}

function mount(action: string, principal: string, context: Readonly<Record<string, string>> = {}): Request {
  return { action: `s3files:${action}`, resource: '<FileSystem.FileSystemArn>', principal, context }
}
