import type { DeployRequest } from '../../services/stacks/deploy/deploy-request.ts'
import type { AwsTarget, WayIn } from '../../services/stacks/stack.ts'
import { AppError } from '../../shared/errors.ts'

/** What `mountbar deploy` was given. */
export interface DeployOptions {
  readonly name: string
  readonly profile?: string
  readonly region?: string
  readonly wayIn?: WayIn
  readonly bucket?: string
  readonly newBucket?: string
  readonly prefix?: string
  readonly kmsKey?: string
  readonly cidr?: readonly string[]
  readonly openToTheInternet?: true
  readonly vpc?: string
  readonly subnet?: string
  readonly mountTargetAddress?: string
  readonly set?: readonly string[]
  readonly dryRun?: true
  readonly yes?: true
  readonly replaceFailed?: true
  readonly watch?: true
  readonly cancel?: true
}

export const usualStackName = 'mountbar'

/** @throws AppError `usage` for options that do not go together. */
export function deployRequestFrom(options: DeployOptions, target: AwsTarget): DeployRequest {
  const { bucket, newBucket, prefix, kmsKey, cidr, openToTheInternet, set } = options
  if (bucket !== undefined && newBucket !== undefined)
    throw new AppError('usage', { reason: '--bucket and --new-bucket exclude each other' })
  return {
    target,
    name: options.name,
    ...(options.wayIn !== undefined && { wayIn: options.wayIn }),
    ...(bucket !== undefined && { existingBucket: bucket }),
    ...(newBucket !== undefined && { newBucket }),
    ...(prefix !== undefined && { prefix }),
    ...(kmsKey !== undefined && { kmsKeyArn: kmsKey }),
    ...(cidr !== undefined && { cidrs: cidr }),
    ...(openToTheInternet !== undefined && { openToTheInternet }),
    ...networkFrom(options),
    ...(set !== undefined && { more: Object.fromEntries(set.map(pairFrom)) }),
  }
}

function networkFrom({ vpc, subnet, mountTargetAddress }: DeployOptions): Pick<DeployRequest, 'network'> {
  if (vpc === undefined && subnet === undefined && mountTargetAddress === undefined) return {}
  if (vpc === undefined || subnet === undefined || mountTargetAddress === undefined)
    throw new AppError('usage', { reason: '--vpc, --subnet and --mount-target-address go together' })
  return { network: { vpcId: vpc, subnetId: subnet, mountTargetAddress } }
}

function pairFrom(text: string): readonly [string, string] {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined)
    throw new AppError('usage', { reason: '--set takes Parameter=value, as in --set OldVersionDays=7' })
  return [name, value]
}
