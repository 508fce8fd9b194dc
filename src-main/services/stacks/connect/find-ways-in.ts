import type { WaysIn } from '../../../shared/app/answers.ts'
import type { AccessPointFacts, MountTargetFacts, S3Files } from '../aws/s3files.ts'
import type { StackOutputs } from '../stack-outputs.ts'
import type { AwsTarget, StackView } from '../stack.ts'
import { stackOf, type StackLookup } from './stack-lookup.ts'

/** TCP, for all of S3 Files. */
export const nfsPort = 2049

/**
 * By which addresses and access points a file system may be opened, the best first: what its stack was made for, then its mount targets, which are
 * of use only to whoever has a way into the VPC.
 * @throws AppError `file-system-missing`, or when its mount targets may not be listed.
 */
export async function findWaysIn(
  fileSystemId: string,
  target: AwsTarget,
  parts: { readonly s3Files: S3Files; readonly stacks: Pick<StackLookup, 'list'> },
  signal: AbortSignal,
): Promise<WaysIn> {
  const { s3Files, stacks } = parts
  const [mountTargets, accessPoints, stack] = await Promise.all([
    s3Files.mountTargets(target, fileSystemId, signal),
    s3Files.accessPoints(target, fileSystemId, signal),
    stackOf(fileSystemId, target, stacks, signal),
  ])
  const own = stack?.outputs === undefined ? [] : [serverOfStack(stack, stack.outputs)]
  const others = mountTargets
    .filter(({ ipv4Address }) => ipv4Address !== undefined && ipv4Address !== own[0]?.host)
    .map(serverOfMountTarget)
  const first = stack?.outputs?.accessPointId
  const sorted = [...accessPoints].sort(
    (left, right) => Number(right.accessPointId === first) - Number(left.accessPointId === first),
  )
  return {
    servers: [...own, ...others],
    accessPoints: sorted.map((one) => ({ id: one.accessPointId, label: labelOf(one) })),
  }
}

type Server = WaysIn['servers'][number]

function serverOfStack({ name }: StackView, outputs: StackOutputs): Server {
  const common = { host: outputs.endpoint, port: nfsPort }
  switch (outputs.wayIn) {
    case 'nlb':
      return { ...common, label: `Load balancer of ${name}` }
    case 'private':
      return { ...common, label: `${outputs.endpoint}, over your own network (${name})` }
    case 'ssm':
      return {
        ...common,
        label: `Session through the instance of ${name}`,
        throughInstanceId: outputs.instanceId,
      }
  }
}

function serverOfMountTarget(facts: MountTargetFacts): Server {
  const { ipv4Address = '', availabilityZoneId, vpcId, status } = facts
  const place = [availabilityZoneId, vpcId].filter((part) => part !== undefined).join(' in ')
  const state = status === 'available' ? '' : `, ${status}`
  return {
    host: ipv4Address,
    port: nfsPort,
    label: `Mount target ${ipv4Address}${place === '' ? '' : ` (${place}${state})`}`,
  }
}

function labelOf({ accessPointId, name, user, folder, status }: AccessPointFacts): string {
  const facts = [
    name ?? accessPointId,
    folder === '/' ? 'all of it' : folder,
    user === undefined ? undefined : `as user ${user.uid}`,
    status === 'available' ? undefined : status,
  ]
  return facts.filter((fact) => fact !== undefined).join(', ')
}
