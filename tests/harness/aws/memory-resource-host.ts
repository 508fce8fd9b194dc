import {
  ResourceRefused,
  type MadeResource,
  type ResourceHost,
  type WantedResource,
} from './resource-host.ts'

/** Keeps what it is asked to make, and nothing more. */
export class MemoryResourceHost implements ResourceHost {
  readonly resources = new Map<string, WantedResource & MadeResource>()
  readonly removed: string[] = []
  #count = 0

  create(resource: WantedResource): Promise<MadeResource> {
    this.#count += 1
    const made = madeOf(resource, this.#count)
    if (this.resources.has(made.physicalId))
      return Promise.reject(new ResourceRefused(`${made.physicalId} already exists`))
    this.resources.set(made.physicalId, { ...resource, ...made })
    return Promise.resolve(made)
  }

  update(resource: WantedResource, made: MadeResource): Promise<MadeResource> {
    this.resources.set(made.physicalId, { ...resource, ...made })
    return Promise.resolve(made)
  }

  remove(_type: string, physicalId: string): Promise<void> {
    this.resources.delete(physicalId)
    this.removed.push(physicalId)
    return Promise.resolve()
  }
}

/** As AWS names what it makes; attributes as our templates ask for them. */
function madeOf(
  { type, logicalId, properties, stackName, region, accountId }: WantedResource,
  count: number,
): MadeResource {
  const hex = count.toString(16).padStart(17, '0')
  const low = `${stackName}-${logicalId}-${hex.slice(-6)}`.toLowerCase()
  const text = (name: string): string => {
    const value = properties[name]
    return typeof value === 'string' ? value : ''
  }
  switch (type) {
    case 'AWS::S3::Bucket': {
      const name = text('BucketName') === '' ? low : text('BucketName')
      return { physicalId: name, attributes: { Arn: `arn:aws:s3:::${name}` } }
    }
    case 'AWS::IAM::Role':
      return { physicalId: low, attributes: { Arn: `arn:aws:iam::${accountId}:role/${low}` } }
    case 'AWS::S3Files::FileSystem': {
      const arn = `arn:aws:s3files:${region}:${accountId}:file-system/fs-${hex}`
      return { physicalId: `fs-${hex}`, attributes: { FileSystemId: `fs-${hex}`, FileSystemArn: arn } }
    }
    case 'AWS::S3Files::AccessPoint': {
      const arn = `arn:aws:s3files:${region}:${accountId}:access-point/fsap-${hex}`
      return { physicalId: arn, attributes: { AccessPointId: `fsap-${hex}`, AccessPointArn: arn } }
    }
    case 'AWS::S3Files::MountTarget':
      return {
        physicalId: `fsmt-${hex}`,
        attributes: {
          MountTargetId: `fsmt-${hex}`,
          AvailabilityZoneId: 'use1-az1',
          Ipv4Address: text('Ipv4Address'),
        },
      }
    case 'AWS::EC2::SecurityGroup':
      return { physicalId: `sg-${hex}`, attributes: { GroupId: `sg-${hex}` } }
    case 'AWS::EC2::SecurityGroupIngress':
      return { physicalId: `sgr-${hex}`, attributes: { Id: `sgr-${hex}` } }
    case 'AWS::EC2::VPC':
      return { physicalId: `vpc-${hex}`, attributes: { VpcId: `vpc-${hex}` } }
    case 'AWS::EC2::Subnet':
      return { physicalId: `subnet-${hex}`, attributes: { SubnetId: `subnet-${hex}` } }
    case 'AWS::EC2::Instance':
      return { physicalId: `i-${hex}`, attributes: { PrivateIp: '10.82.77.21' } }
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return {
        physicalId: `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/net/${low}/${hex.slice(1)}`,
        attributes: { DNSName: `${low}.elb.${region}.amazonaws.com` },
      }
    default:
      return { physicalId: low, attributes: { Arn: `arn:aws:test:${region}:${accountId}:${low}` } }
  }
}
