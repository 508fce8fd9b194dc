import { actionsOfResources, type ActionScope } from './resource-actions.ts'

export interface PolicyStatement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly PolicyStatement[]
}

/** What stacks of Mountbar are called where the policies are to fit: roles get the stack's name as the beginning of theirs. */
const stackNames = 'mountbar*'

const sids: Readonly<Record<ActionScope, string>> = {
  anything: 'Network',
  buckets: 'Buckets',
  roles: 'Roles',
  profiles: 'InstanceProfiles',
  'file-systems': 'FileSystems',
}

const resources: Readonly<Record<ActionScope, string>> = {
  anything: '*',
  buckets: 'arn:aws:s3:::*',
  roles: `arn:aws:iam::ACCOUNT:role/${stackNames}`,
  profiles: `arn:aws:iam::ACCOUNT:instance-profile/${stackNames}`,
  'file-systems': 'arn:aws:s3files:*:ACCOUNT:*',
}

/** Looking at stacks, by whatever command. */
const lookActions = ['cloudformation:DescribeStackEvents', 'cloudformation:DescribeStacks'] as const

/** S3 Files makes the mount target's network interface with the caller's rights, as EFS does. */
const interfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
]

/**
 * What `mountbar deploy` needs for a template, and what taking a failed deployment back needs.
 * @param types of the resources that the template has.
 */
export function deployPolicy(types: readonly string[]): PolicyDocument {
  const passedTo = [
    'elasticfilesystem.amazonaws.com',
    ...(types.includes('AWS::EC2::Instance') ? ['ec2.amazonaws.com'] : []),
  ]
  const linkedServices = [
    'elasticfilesystem.amazonaws.com',
    ...(types.includes('AWS::ElasticLoadBalancingV2::LoadBalancer')
      ? ['elasticloadbalancing.amazonaws.com']
      : []),
  ]
  return policy([
    {
      Sid: 'Plan',
      Effect: 'Allow',
      Action: [
        'cloudformation:CancelUpdateStack',
        'cloudformation:CreateChangeSet',
        'cloudformation:DeleteChangeSet',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeChangeSet',
        'cloudformation:DescribeStackEvents',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:TagResource',
      ],
      Resource: `arn:aws:cloudformation:*:ACCOUNT:stack/${stackNames}/*`,
    },
    {
      Sid: 'Look',
      Effect: 'Allow',
      Action: ['cloudformation:DescribeStacks', 's3files:ListFileSystems'],
      Resource: '*',
    },
    {
      Sid: 'ExistingBucket',
      Effect: 'Allow',
      Action: ['s3:GetBucketVersioning', 's3:GetEncryptionConfiguration', 's3:ListBucket'],
      Resource: resources.buckets,
    },
    ...scoped(types, ['make', 'remove']),
    {
      Sid: 'MountTargetInterface',
      Effect: 'Allow',
      Action: interfaceActions,
      Resource: '*',
    },
    {
      Sid: 'HandRolesOver',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: resources.roles,
      Condition: { StringEquals: { 'iam:PassedToService': passedTo } },
    },
    {
      Sid: 'ServiceLinkedRoles',
      Effect: 'Allow',
      Action: ['iam:CreateServiceLinkedRole'],
      Resource: 'arn:aws:iam::*:role/aws-service-role/*',
      Condition: { StringEquals: { 'iam:AWSServiceName': linkedServices } },
    },
  ])
}

/** What a person needs whose drive is there: to mount it, and to be told how it is. Values of the stack's outputs to be filled in. */
export function mountPolicy(): PolicyDocument {
  return policy([
    {
      Sid: 'Mount',
      Effect: 'Allow',
      Action: ['s3files:ClientMount', 's3files:ClientWrite', 's3files:ClientRootAccess'],
      Resource: 'arn:aws:s3files:REGION:ACCOUNT:file-system/FileSystemId',
      Condition: { StringEquals: { 's3files:AccessPointArn': 'AccessPointArn' } },
    },
    {
      Sid: 'Look',
      Effect: 'Allow',
      Action: [
        's3files:GetFileSystem',
        's3files:GetFileSystemPolicy',
        's3files:ListAccessPoints',
        's3files:ListFileSystems',
        's3files:ListMountTargets',
        'cloudwatch:GetMetricData',
        ...lookActions,
      ],
      Resource: '*',
    },
    {
      Sid: 'ReadBucket',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetBucketVersioning', 's3:ListBucket'],
      Resource: ['arn:aws:s3:::BucketName', 'arn:aws:s3:::BucketName/*'],
    },
  ])
}

/** On top of `mountPolicy` with the way in `ssm`. */
export function forwardPolicy(): PolicyDocument {
  return policy([
    {
      Sid: 'Forward',
      Effect: 'Allow',
      Action: ['ssm:StartSession'],
      Resource: [
        'arn:aws:ec2:REGION:ACCOUNT:instance/InstanceId',
        'arn:aws:ssm:REGION::document/AWS-StartPortForwardingSessionToRemoteHost',
      ],
    },
    {
      Sid: 'EndOwnSessions',
      Effect: 'Allow',
      Action: ['ssm:TerminateSession', 'ssm:ResumeSession'],
      Resource: 'arn:aws:ssm:*:*:session/${aws:userid}-*',
    },
  ])
}

/** On top of `mountPolicy` for who follows their public address with `nlb`: the stack's rules are changed through CloudFormation. */
export function updateAccessPolicy(): PolicyDocument {
  return policy([
    {
      Sid: 'Plan',
      Effect: 'Allow',
      Action: [
        'cloudformation:CreateChangeSet',
        'cloudformation:DeleteChangeSet',
        'cloudformation:DescribeChangeSet',
        'cloudformation:ExecuteChangeSet',
      ],
      Resource: `arn:aws:cloudformation:*:ACCOUNT:stack/${stackNames}/*`,
    },
    {
      Sid: 'Rules',
      Effect: 'Allow',
      Action: [
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:DescribeSecurityGroupRules',
        'ec2:DescribeSecurityGroups',
        'ec2:RevokeSecurityGroupIngress',
      ],
      Resource: '*',
    },
  ])
}

/** What `mountbar destroy` needs. The bucket's part only for who lets it go with its versions. */
export function destroyPolicy(types: readonly string[]): PolicyDocument {
  return policy([
    {
      Sid: 'Remove',
      Effect: 'Allow',
      Action: ['cloudformation:DeleteStack', 'cloudformation:DescribeStackEvents'],
      Resource: `arn:aws:cloudformation:*:ACCOUNT:stack/${stackNames}/*`,
    },
    {
      Sid: 'Look',
      Effect: 'Allow',
      Action: [
        'cloudformation:DescribeStacks',
        'cloudwatch:GetMetricData',
        's3files:ListAccessPoints',
        's3files:ListFileSystems',
        's3files:ListMountTargets',
      ],
      Resource: '*',
    },
    ...scoped(
      types.filter((type) => !type.startsWith('AWS::S3::')),
      ['remove'],
    ),
    { Sid: 'MountTargetInterface', Effect: 'Allow', Action: interfaceActions.slice(1), Resource: '*' },
    {
      Sid: 'Bucket',
      Effect: 'Allow',
      Action: [
        's3:DeleteBucket',
        's3:DeleteObject',
        's3:DeleteObjectVersion',
        's3:GetBucketTagging',
        's3:ListBucket',
        's3:ListBucketVersions',
      ],
      Resource: resources.buckets,
    },
  ])
}

/** One statement per scope, with each action once. */
function scoped(types: readonly string[], verbs: readonly ('make' | 'remove')[]): readonly PolicyStatement[] {
  const scopes = Object.keys(sids) as ActionScope[]
  return scopes.flatMap((scope) => {
    const actions = types.flatMap((type) => {
      const found = actionsOfResources[type]
      return found?.scope === scope ? verbs.flatMap((verb) => found[verb]) : []
    })
    if (actions.length === 0) return []
    const Action = [...new Set(actions)].toSorted()
    return [{ Sid: sids[scope], Effect: 'Allow', Action, Resource: resources[scope] } as const]
  })
}

function policy(Statement: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement }
}
