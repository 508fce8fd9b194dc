import type { WayIn } from './way-in.ts'

/** What every stack tells when it is there; names as in `DescribeStacks`. */
export const commonOutputs = {
  FileSystemId: 'File system, fs-…',
  AccessPointId: 'Access point, fsap-…; the only one that the file system policy lets anybody mount through',
  AccessPointArn: 'The same as an ARN, as policies of users name it',
  BucketName: 'Bucket behind the file system',
  Prefix: 'Prefix in the bucket, with its last slash; a single slash means the whole bucket',
  Region: 'Region of all of it',
  AvailabilityZoneId: 'Zone of the mount target, as in use1-az1',
  Endpoint: 'Host name or address to connect to, TCP 2049',
  MountTargetAddress: 'Address of the mount target inside the VPC',
  MountTargetSecurityGroupId: 'Security group of the mount target',
  WayIn: 'nlb, private or ssm',
} as const

/** What only one way in has. */
export const outputsOfWayIn = {
  nlb: { LoadBalancerSecurityGroupId: 'Security group that holds the allowed addresses' },
  private: {},
  ssm: { InstanceId: 'Instance to forward ports through' },
} as const satisfies Record<WayIn, Readonly<Record<string, string>>>

/** `Prefix` when there is none: CloudFormation refuses empty outputs. */
export const wholeBucket = '/'
