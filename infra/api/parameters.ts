import { ipv4Address, type ParameterSpec } from './parameter-spec.ts'

/** Used with a network of our own; one of the user's has other addresses. */
export const defaultMountTargetAddress = '10.82.77.20'

const bucketName = {
  type: 'String',
  default: '',
  allowedPattern: '^$|^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
  constraint: 'a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens',
} as const

const id = { type: 'String', allowedPattern: '^[0-9]{1,10}$', constraint: 'a number' } as const

const bucketParameters = {
  NewBucketName: {
    ...bucketName,
    description: 'Name of the bucket to make. Empty: CloudFormation chooses one.',
  },
  ExistingBucketName: {
    ...bucketName,
    description:
      'A bucket of this account and region to use instead of a new one. It must have versioning enabled and is not changed.',
  },
  BucketPrefix: {
    type: 'String',
    default: '',
    description: 'Only this part of the bucket, with a slash at the end. Empty: all of it.',
    allowedPattern: '^$|^[^/].*/$',
    maxLength: 1024,
    constraint: 'a prefix that ends in a slash and does not begin with one',
  },
  KmsKeyArn: {
    type: 'String',
    default: '',
    description:
      'Key that the bucket is encrypted with (SSE-KMS). Empty: the bucket uses the keys of S3 (SSE-S3).',
    allowedPattern: '^$|^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$',
    constraint: 'the ARN of a KMS key',
  },
  OldVersionDays: {
    type: 'Number',
    default: 30,
    minValue: 1,
    maxValue: 3650,
    description: 'Days that a new bucket keeps replaced and deleted versions.',
  },
} as const satisfies Record<string, ParameterSpec>

const fileSystemParameters = {
  ImportBelowBytes: {
    type: 'Number',
    default: 131_072,
    minValue: 0,
    maxValue: 52_673_613_135_872,
    description: 'Objects smaller than this are copied to the fast tier when they are first seen. 0: none.',
  },
  ImportTrigger: {
    type: 'String',
    default: 'ON_DIRECTORY_FIRST_ACCESS',
    allowedValues: ['ON_DIRECTORY_FIRST_ACCESS', 'ON_FILE_ACCESS'],
    description: 'When they are: with the first look into their folder, or when they are opened.',
  },
  ExpireAfterDays: {
    type: 'Number',
    default: 30,
    minValue: 1,
    maxValue: 365,
    description: 'Days without access after which data leaves the fast tier. It stays in the bucket.',
  },
  AcceptBucketWarning: {
    type: 'String',
    default: 'no',
    allowedValues: ['no', 'yes'],
    description: 'yes: go on although a rename at the top of a bucket this large could take hours.',
  },
} as const satisfies Record<string, ParameterSpec>

const accessParameters = {
  RootDirectory: {
    type: 'String',
    default: '/',
    description: 'Folder of the file system that is mounted. It is made if it does not exist.',
    allowedPattern: '^/$|^(/[A-Za-z0-9_@+=,. -]*[A-Za-z0-9_@+=, -]){1,4}$',
    constraint: 'a path of at most four folders',
  },
  PosixUid: {
    ...id,
    default: '0',
    description: 'User that all files are used as. Objects that other programs put there belong to 0.',
  },
  PosixGid: { ...id, default: '0', description: 'Group that all files are used as.' },
  ClientPrincipalArn: {
    type: 'String',
    default: '',
    description:
      'Role or user that may mount without a policy of its own. Empty: the policies of users decide alone.',
    allowedPattern: '^$|^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=,.@/-]+$',
    constraint: 'the ARN of a role or user',
  },
} as const satisfies Record<string, ParameterSpec>

const networkParameters = {
  VpcId: {
    type: 'String',
    default: '',
    description: 'VPC to use instead of a new one; needs DNS resolution and DNS host names.',
    allowedPattern: '^$|^vpc-[0-9a-f]{8,40}$',
    constraint: 'vpc-…',
  },
  SubnetId: {
    type: 'String',
    default: '',
    description: 'Its subnet for the mount target, and for what leads there.',
    allowedPattern: '^$|^subnet-[0-9a-f]{8,40}$',
    constraint: 'subnet-…',
  },
  MountTargetIpv4Address: {
    type: 'String',
    default: defaultMountTargetAddress,
    description: 'Free address in the subnet, because CloudFormation cannot tell which one S3 Files chose.',
    allowedPattern: `^${ipv4Address}$`,
    constraint: 'an IPv4 address',
  },
  VpcCidr: {
    type: 'String',
    default: '10.82.77.0/27',
    description: 'Addresses of a new VPC; the address of the mount target is one of them.',
    allowedPattern: `^${ipv4Address}/(1[6-9]|2[0-8])$`,
    constraint: 'an IPv4 range of 16 to 28 bits',
  },
  AvailabilityZone: {
    type: 'String',
    default: '',
    description: 'Zone of a new subnet, as in us-east-1a. Empty: the first of the region.',
    allowedPattern: '^$|^[a-z]{2}(-[a-z0-9]+)+-[0-9][a-z]$',
    constraint: 'the name of a zone',
  },
} as const satisfies Record<string, ParameterSpec>

/** Groups in the order in which a person would be asked. */
export const commonParameterGroups = {
  Bucket: bucketParameters,
  'File system': fileSystemParameters,
  Access: accessParameters,
  Network: networkParameters,
} as const
