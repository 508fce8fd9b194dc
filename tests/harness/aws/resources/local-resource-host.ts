import { Bucket } from '../../s3files/bucket/bucket.ts'
import type { Clock } from '../../../../src-main/lib/clock.ts'
import {
  ResourceRefused,
  type MadeResource,
  type ResourceHost,
  type WantedResource,
} from '../resource-host.ts'
import { S3FilesRefusal } from '../s3files-control/records.ts'
import type { S3FilesState } from '../s3files-control/s3files-state.ts'
import { numberOf, tagsOf, textOf, type Properties } from './properties.ts'
import { s3FilesResources } from './s3files-resources.ts'
import { SecurityGroups } from './security-groups.ts'

export interface LocalResourceHostOptions {
  readonly s3Files: S3FilesState
  /** Those that S3's endpoint serves. */
  readonly buckets: Bucket[]
  readonly clock: Clock
  /** Where a load balancer is said to be reached. */
  readonly loadBalancerHost?: string
}

export interface LocalResourceHost extends ResourceHost {
  readonly securityGroups: SecurityGroups
  /** Everything else that exists, by physical id. */
  readonly others: ReadonlyMap<string, string>
}

/** How one type of resource comes and goes. */
export interface ResourceKind {
  create(wanted: WantedResource): MadeResource
  /** Nothing to do where it is absent. */
  update?(wanted: WantedResource, made: MadeResource): void
  remove(physicalId: string): void
}

/**
 * Makes the resources of a stack on this machine: file systems where S3 Files' control plane lists them, buckets where S3 serves them, rules of
 * security groups where a test can look at them. What nothing here talks to is only remembered.
 */
export function createLocalResourceHost(options: LocalResourceHostOptions): LocalResourceHost {
  const securityGroups = new SecurityGroups()
  const others = new Map<string, string>()
  const kinds: Readonly<Record<string, ResourceKind>> = {
    ...s3FilesResources(options.s3Files),
    ...securityGroupKinds(securityGroups),
    'AWS::S3::Bucket': bucketKind(options),
    'AWS::S3::BucketPolicy': bucketPolicyKind(options),
  }
  const kindOf = (type: string): ResourceKind => kinds[type] ?? rememberedKind(type, others, options)
  return {
    securityGroups,
    others,
    create: (wanted) => attempt(() => kindOf(wanted.type).create(wanted)),
    update: (wanted, made) =>
      attempt(() => {
        kindOf(wanted.type).update?.(wanted, made)
        return made
      }),
    remove: (type, physicalId) => attempt(() => kindOf(type).remove(physicalId)),
  }
}

/** What S3 Files refuses, CloudFormation shows with the service's own words. */
async function attempt<T>(work: () => T): Promise<T> {
  try {
    return await Promise.resolve(work())
  } catch (error) {
    if (!(error instanceof S3FilesRefusal)) throw error
    throw new ResourceRefused(
      `${error.message} (Service: S3Files, Status Code: ${error.status}, Error Code: ${error.errorCode})`,
      { cause: error },
    )
  }
}

function securityGroupKinds(groups: SecurityGroups): Readonly<Record<string, ResourceKind>> {
  return {
    'AWS::EC2::SecurityGroup': {
      create: ({ properties }) => {
        const GroupId = groups.createGroup(textOf(properties, 'GroupDescription') ?? '')
        return { physicalId: GroupId, attributes: { GroupId, Id: GroupId } }
      },
      remove: (id) => groups.removeGroup(id),
    },
    'AWS::EC2::SecurityGroupIngress': {
      create: ({ properties }) => {
        const physicalId = groups.authorize({
          groupId: textOf(properties, 'GroupId') ?? '',
          description: textOf(properties, 'Description') ?? '',
          fromPort: numberOf(properties, 'FromPort') ?? 0,
          toPort: numberOf(properties, 'ToPort') ?? 0,
          cidr: textOf(properties, 'CidrIp'),
          sourceGroupId: textOf(properties, 'SourceSecurityGroupId'),
        })
        return { physicalId, attributes: { Id: physicalId } }
      },
      remove: (id) => void groups.rules.delete(id),
    },
  }
}

function bucketKind({ buckets, clock }: LocalResourceHostOptions): ResourceKind {
  return {
    create: ({ properties, stackName, logicalId, accountId }) => {
      const name = textOf(properties, 'BucketName') ?? `${stackName}-${logicalId}-${accountId}`.toLowerCase()
      if (buckets.some((bucket) => bucket.name === name)) throw new ResourceRefused(`${name} already exists`)
      const bucket = new Bucket(name, clock)
      bucket.versioning = isVersioned(properties) ? 'Enabled' : undefined
      tagsOf(properties).forEach(({ key, value }) => bucket.tags.set(key, value))
      buckets.push(bucket)
      return { physicalId: name, attributes: { Arn: `arn:aws:s3:::${name}` } }
    },
    remove: (name) => {
      const index = buckets.findIndex((bucket) => bucket.name === name)
      if (index === -1) return
      if (buckets[index]!.keys().length > 0)
        throw new ResourceRefused('The bucket you tried to delete is not empty')
      buckets.splice(index, 1)
    },
  }
}

function bucketPolicyKind({ buckets }: LocalResourceHostOptions): ResourceKind {
  const set = ({ properties }: WantedResource): string => {
    const name = textOf(properties, 'Bucket') ?? ''
    const bucket = buckets.find((one) => one.name === name)
    if (bucket === undefined) throw new ResourceRefused('The specified bucket does not exist')
    bucket.policy = JSON.stringify(properties['PolicyDocument'])
    return name
  }
  return {
    create: (wanted) => ({ physicalId: set(wanted), attributes: {} }),
    update: (wanted) => void set(wanted),
    remove: (name) => {
      const bucket = buckets.find((one) => one.name === name)
      if (bucket !== undefined) bucket.policy = undefined
    },
  }
}

function isVersioned({ VersioningConfiguration: configuration }: Properties): boolean {
  return typeof configuration === 'object' && configuration !== null && 'Status' in configuration
    ? configuration.Status === 'Enabled'
    : false
}

/** A type that only CloudFormation knows here. */
function rememberedKind(
  type: string,
  others: Map<string, string>,
  { loadBalancerHost }: LocalResourceHostOptions,
): ResourceKind {
  return {
    create: ({ stackName, logicalId, accountId, region, properties }) => {
      const short = type.split('::').at(-1) ?? type
      const name = `${stackName}-${logicalId}-${others.size + 1}`
      const physicalId = physicalIdOf(type, name, others.size + 1)
      others.set(physicalId, type)
      const attributes = {
        Id: physicalId,
        Arn: `arn:aws:iam::${accountId}:${short.toLowerCase()}/${name}`,
        DNSName: loadBalancerHost ?? `${name.toLowerCase()}.elb.${region}.amazonaws.com`,
        VpcId: textOf(properties, 'VpcId') ?? physicalId,
        SubnetId: physicalId,
        InstanceId: physicalId,
      }
      return { physicalId, attributes }
    },
    remove: (physicalId) => void others.delete(physicalId),
  }
}

const idPrefixes: Readonly<Record<string, string>> = {
  'AWS::EC2::VPC': 'vpc',
  'AWS::EC2::Subnet': 'subnet',
  'AWS::EC2::InternetGateway': 'igw',
  'AWS::EC2::RouteTable': 'rtb',
  'AWS::EC2::Instance': 'i',
}

function physicalIdOf(type: string, name: string, count: number): string {
  const prefix = idPrefixes[type]
  return prefix === undefined ? name : `${prefix}-${count.toString(16).padStart(17, '0')}`
}
