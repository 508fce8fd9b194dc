import { describe, expect, test } from 'vitest'

import { commonOutputs, outputsOfWayIn } from '../../../infra/api/outputs.ts'
import { wayIns, type WayIn } from '../../../infra/api/way-in.ts'
import { deploy, refusals, templateOf } from './cloudformation.ts'

/** The least that each asks for. */
export const least = {
  nlb: { AllowedCidr: '203.0.113.7/32' },
  private: { AllowedCidr: '10.8.0.0/16' },
  ssm: {},
} as const satisfies Record<WayIn, Readonly<Record<string, string>>>

const ownNetwork = {
  VpcId: 'vpc-0123456789abcdef0',
  SubnetId: 'subnet-0123456789abcdef0',
  MountTargetIpv4Address: '172.31.5.9',
}

const everything = {
  ExistingBucketName: 'photos-2026',
  BucketPrefix: 'raw/',
  KmsKeyArn: 'arn:aws:kms:eu-north-1:111122223333:key/0f8fad5b-d9cb-469f-a165-70867728950e',
  AcceptBucketWarning: 'yes',
  PosixUid: '1000',
  PosixGid: '1000',
  RootDirectory: '/mac',
  ClientPrincipalArn: 'arn:aws:iam::111122223333:role/photographer',
  ...ownNetwork,
}

describe.each(wayIns)('deploying %s', (wayIn) => {
  const template = templateOf(wayIn)

  test('works with as little as is asked for, and with all that can be given', () => {
    expect(Object.keys(deploy(template, least[wayIn]).resources)).toContain('Vpc')
    const full = Object.keys(deploy(template, { ...least[wayIn], ...everything }).resources)
    const conditional = /^(Bucket|BucketPolicy|Vpc|Subnet|Internet.*|RouteTable|SubnetRoutes)$/
    expect(full.filter((id) => conditional.test(id))).toEqual([])
  })

  test('tells what a drive needs to know', () => {
    const { outputs } = deploy(template, least[wayIn])
    expect(Object.keys(outputs).toSorted()).toEqual(
      [...Object.keys(commonOutputs), ...Object.keys(outputsOfWayIn[wayIn])].toSorted(),
    )
    expect(outputs).toMatchObject({
      FileSystemId: '<FileSystem.FileSystemId>',
      AccessPointId: '<AccessPoint.AccessPointId>',
      BucketName: '<Bucket>',
      Prefix: '/',
      Region: 'eu-north-1',
      AvailabilityZoneId: '<MountTarget.AvailabilityZoneId>',
      MountTargetAddress: '10.82.77.20',
      Endpoint: wayIn === 'nlb' ? '<LoadBalancer.DNSName>' : '10.82.77.20',
      WayIn: wayIn,
    })
  })

  test('names an existing bucket, its prefix and the address in an existing subnet as they were given', () => {
    const { outputs, resources } = deploy(template, { ...least[wayIn], ...everything })
    expect(outputs).toMatchObject({
      BucketName: 'photos-2026',
      Prefix: 'raw/',
      MountTargetAddress: '172.31.5.9',
    })
    expect(resources.FileSystem?.Properties).toMatchObject({
      Bucket: 'arn:aws:s3:::photos-2026',
      Prefix: 'raw/',
      AcceptBucketWarning: true,
    })
    expect(resources.MountTarget?.Properties).toMatchObject({
      Ipv4Address: '172.31.5.9',
      SubnetId: ownNetwork.SubnetId,
    })
  })

  test('makes the file system only when its role can do its work', () => {
    expect(template.Resources.FileSystem?.DependsOn).toEqual(['ServiceRolePolicy'])
  })

  test('keeps a new bucket when the stack is deleted, and only then', () => {
    for (const id of ['Bucket', 'BucketPolicy'])
      expect(template.Resources[id]).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      })
    const others = Object.entries(template.Resources).filter(([id]) => !id.startsWith('Bucket'))
    expect(others.filter(([, { DeletionPolicy }]) => DeletionPolicy !== undefined)).toEqual([])
  })

  test('makes a bucket with versions, encrypted, closed to the public', () => {
    const { Bucket } = deploy(template, { ...least[wayIn], OldVersionDays: 90 }).resources
    expect(Bucket?.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ NoncurrentVersionExpiration: { NoncurrentDays: 90 } }] },
    })
    expect(Bucket?.Properties).not.toHaveProperty('BucketName')
    expect(Bucket?.Properties).not.toHaveProperty('LifecycleConfiguration.Rules.0.ExpirationInDays')
  })

  test('encrypts a new bucket with the key that was given', () => {
    const parameters = { ...least[wayIn], NewBucketName: 'photos', KmsKeyArn: everything.KmsKeyArn }
    expect(deploy(template, parameters).resources.Bucket?.Properties).toMatchObject({
      BucketName: 'photos',
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: everything.KmsKeyArn },
            BucketKeyEnabled: true,
          },
        ],
      },
    })
  })

  test('has one access point, whose folder is made for the user it acts as', () => {
    const { AccessPoint } = deploy(template, { ...least[wayIn], ...everything }).resources
    expect(AccessPoint?.Properties).toMatchObject({
      PosixUser: { Uid: '1000', Gid: '1000' },
      RootDirectory: {
        Path: '/mac',
        CreationPermissions: { OwnerUid: '1000', OwnerGid: '1000', Permissions: '0755' },
      },
    })
  })

  test('tags whatever can be tagged', () => {
    const untagged = Object.entries(deploy(template, least[wayIn]).resources)
      .filter(([, { Properties }]) => !JSON.stringify(Properties.Tags ?? '').includes('mountbar:way-in'))
      .map(([, { Type }]) => Type)
    const cannotBeTagged = [
      'AWS::EC2::Route',
      'AWS::EC2::SecurityGroupIngress',
      'AWS::EC2::SubnetRouteTableAssociation',
      'AWS::EC2::VPCGatewayAttachment',
      'AWS::ElasticLoadBalancingV2::Listener',
      'AWS::IAM::InstanceProfile',
      'AWS::IAM::Policy',
      'AWS::S3::BucketPolicy',
      'AWS::S3Files::FileSystemPolicy',
      'AWS::S3Files::MountTarget',
    ]
    expect(untagged.filter((type) => !cannotBeTagged.includes(type))).toEqual([])
  })
})

const refusedParameters: readonly (readonly [
  string,
  WayIn,
  Readonly<Record<string, string | number>>,
  string,
])[] = [
  ['nobody is named who may connect', 'nlb', {}, 'AllowedCidr'],
  [
    'everybody may connect, but nobody said so',
    'nlb',
    { AllowedCidr: '0.0.0.0/0' },
    '0.0.0.0/0 lets everybody',
  ],
  ['half of the Internet may connect', 'nlb', { AllowedCidr: '0.0.0.0/1' }, 'AllowedCidr'],
  ['an address with a mask of nothing is everybody', 'nlb', { AllowedCidr: '203.0.113.7/0' }, 'AllowedCidr'],
  [
    'everybody comes in by the second range',
    'nlb',
    { ...least.nlb, AllowedCidr2: '0.0.0.0/0', OpenToTheInternet: 'yes' },
    'AllowedCidr2',
  ],
  ['a private mount target is open to everybody', 'private', { AllowedCidr: '0.0.0.0/0' }, 'AllowedCidr'],
  [
    'there are two buckets',
    'ssm',
    { NewBucketName: 'one-bucket', ExistingBucketName: 'another-bucket' },
    'not both',
  ],
  ['a subnet has no VPC', 'ssm', { SubnetId: ownNetwork.SubnetId }, 'VpcId and SubnetId go together.'],
  ['a VPC has no subnet', 'ssm', { VpcId: ownNetwork.VpcId }, 'VpcId and SubnetId go together.'],
  [
    'the address is not one of the user’s subnet',
    'ssm',
    { VpcId: ownNetwork.VpcId, SubnetId: ownNetwork.SubnetId },
    'must be a free address',
  ],
  ['a prefix does not end in a slash', 'ssm', { BucketPrefix: 'raw' }, 'BucketPrefix'],
  ['a prefix begins with a slash', 'ssm', { BucketPrefix: '/raw/' }, 'BucketPrefix'],
  ['the folder is five deep', 'ssm', { RootDirectory: '/a/b/c/d/e' }, 'RootDirectory'],
  ['data leaves the fast tier after no days', 'ssm', { ExpireAfterDays: 0 }, 'ExpireAfterDays'],
  ['an address is none', 'ssm', { MountTargetIpv4Address: '10.82.77.256' }, 'MountTargetIpv4Address'],
  ['a bucket’s name is in capitals', 'ssm', { NewBucketName: 'Photos' }, 'NewBucketName'],
]

test.each(refusedParameters)('CloudFormation refuses at once when %s', (_when, wayIn, parameters, reason) => {
  const refused = refusals(templateOf(wayIn), parameters)
  expect(refused.filter((text) => text.includes(reason))).not.toEqual([])
})

test('everybody may connect when that is asked for by name', () => {
  const parameters = { AllowedCidr: '0.0.0.0/0', OpenToTheInternet: 'yes' }
  const { AllowedCidrRule } = deploy(templateOf('nlb'), parameters).resources
  expect(AllowedCidrRule?.Properties.CidrIp).toBe('0.0.0.0/0')
})
