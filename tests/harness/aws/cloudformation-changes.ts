import { isDeepStrictEqual } from 'node:util'

import { evaluate, isKnown, isWanted, needsOf, unknownYet, type Scope } from './cloudformation-functions.ts'
import type { MadeResource } from './resource-host.ts'

/** A resource of a stack that is there. */
export interface StackResource extends MadeResource {
  readonly logicalId: string
  readonly type: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly deletionPolicy: string | undefined
}

export interface PlannedChange {
  readonly action: 'Add' | 'Modify' | 'Remove'
  readonly logicalId: string
  readonly type: string
  readonly physicalId: string | undefined
  readonly replacement: 'True' | 'False' | 'Conditional' | undefined
  readonly properties: readonly string[]
}

/** Properties that cannot change in place; `true` for types where none of ours can. */
const immutable: Readonly<Record<string, true | readonly string[]>> = {
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::S3Files::FileSystem': ['Bucket', 'Prefix', 'RoleArn', 'KmsKeyId'],
  'AWS::S3Files::AccessPoint': ['FileSystemId', 'PosixUser', 'RootDirectory'],
  'AWS::S3Files::MountTarget': ['FileSystemId', 'SubnetId', 'Ipv4Address', 'IpAddressType'],
  'AWS::S3Files::FileSystemPolicy': ['FileSystemId'],
  'AWS::EC2::VPC': ['CidrBlock'],
  'AWS::EC2::Subnet': ['CidrBlock', 'AvailabilityZone', 'VpcId'],
  'AWS::EC2::SecurityGroup': ['GroupDescription', 'VpcId'],
  'AWS::EC2::SecurityGroupIngress': true,
  'AWS::EC2::SubnetRouteTableAssociation': true,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Scheme', 'Type'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Port', 'Protocol', 'VpcId', 'TargetType'],
}

/** Logical ids in an order in which each comes after all it needs. */
export function orderOf(scope: Scope): readonly string[] {
  const wanted = new Map(
    Object.entries(scope.template.Resources).filter(([, resource]) => isWanted(resource, scope)),
  )
  const order: string[] = []
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) throw new Error(`the template goes in circles: ${[...path, id].join(' → ')}`)
    const resource = wanted.get(id)
    if (resource === undefined || order.includes(id)) return
    for (const need of needsOf(resource, scope)) visit(need, [...path, id])
    order.push(id)
  }
  for (const id of wanted.keys()) visit(id, [])
  return order
}

/** What it takes from `current` to what the scope's template wants: additions and changes in order, then removals. */
export function changesTo(
  scope: Scope,
  current: ReadonlyMap<string, StackResource>,
): readonly PlannedChange[] {
  const order = orderOf(scope)
  const expected = new Map<string, MadeResource>(current)
  const changes: PlannedChange[] = []
  for (const logicalId of order) {
    const { Type: type, Properties } = scope.template.Resources[logicalId]!
    const now = current.get(logicalId)
    if (now === undefined) {
      expected.set(logicalId, unknownYet)
      changes.push({
        action: 'Add',
        logicalId,
        type,
        physicalId: undefined,
        replacement: undefined,
        properties: [],
      })
      continue
    }
    const wanted = evaluate(Properties ?? {}, { ...scope, made: expected }) as Readonly<
      Record<string, unknown>
    >
    const properties = differing(now.properties, wanted)
    if (properties.length === 0) continue
    const replacement = replacementOf(type, properties, wanted)
    if (replacement !== 'False') expected.set(logicalId, unknownYet)
    changes.push({ action: 'Modify', logicalId, type, physicalId: now.physicalId, replacement, properties })
  }
  for (const [logicalId, { type, physicalId }] of current)
    if (!order.includes(logicalId))
      changes.push({ action: 'Remove', logicalId, type, physicalId, replacement: undefined, properties: [] })
  return changes
}

export function mustReplace(type: string, properties: readonly string[]): boolean {
  const fixed = immutable[type]
  return fixed === true || properties.some((name) => fixed?.includes(name) === true)
}

export function differing(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]))
}

function replacementOf(
  type: string,
  properties: readonly string[],
  wanted: Readonly<Record<string, unknown>>,
): 'True' | 'False' | 'Conditional' {
  if (!mustReplace(type, properties)) return 'False'
  const isCertain = properties.some((name) => mustReplace(type, [name]) && isKnown(wanted[name]))
  return isCertain ? 'True' : 'Conditional'
}
