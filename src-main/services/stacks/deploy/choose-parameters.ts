import { anyAddress } from '../../../../infra/api/way-in-parameters.ts'
import { AppError } from '../../../shared/errors.ts'
import { completeParameters, type ParameterValues } from '../stack-parameters.ts'
import type { StackView, WayIn } from '../stack.ts'
import type { DeployRequest } from './deploy-request.ts'

export interface ParameterParts {
  readonly wayIn: WayIn
  /** Of the bucket to be used, where it has a key of its own. */
  readonly kmsKeyArn: string | undefined
  /** Where connections from here come from, asked only where nobody said it. */
  readonly ownAddress: () => Promise<string>
  /** The stack that is there. */
  readonly current: StackView | undefined
}

const cidrNames = ['AllowedCidr', 'AllowedCidr2', 'AllowedCidr3'] as const

/**
 * The parameters for a change set; `undefined` keeps what the stack has.
 * @throws AppError `stack-choice-invalid`, `stack-open-refused`, `public-address-unknown`.
 */
export async function chooseParameters(
  request: DeployRequest,
  { wayIn, kmsKeyArn, ownAddress, current }: ParameterParts,
): Promise<Readonly<Record<string, string | undefined>>> {
  const had = Object.keys(current?.parameters ?? {})
  const { existingBucket, newBucket, prefix, network, openToTheInternet } = request
  const chosen: Record<string, string> = {
    ...(existingBucket !== undefined && { ExistingBucketName: existingBucket }),
    ...(newBucket !== undefined && { NewBucketName: newBucket }),
    ...(prefix !== undefined && { BucketPrefix: withSlash(prefix) }),
    ...(kmsKeyArn !== undefined && { KmsKeyArn: kmsKeyArn }),
    ...(network !== undefined && {
      VpcId: network.vpcId,
      SubnetId: network.subnetId,
      MountTargetIpv4Address: network.mountTargetAddress,
    }),
    ...(openToTheInternet !== undefined && { OpenToTheInternet: openToTheInternet ? 'yes' : 'no' }),
    ...request.more,
    ...cidrParameters(request.cidrs, wayIn),
  }
  if (wayIn === 'nlb' && chosen['AllowedCidr'] === undefined && !had.includes('AllowedCidr'))
    chosen['AllowedCidr'] = `${await ownAddress()}/32`
  refuseOpenByAccident(chosen, current)
  return completeParameters(wayIn, chosen, had)
}

function cidrParameters(cidrs: readonly string[] | undefined, wayIn: WayIn): ParameterValues {
  if (cidrs === undefined) return {}
  if (wayIn === 'ssm')
    throw new AppError('stack-choice-invalid', { choice: 'the address range', wanted: 'left out with ssm' })
  if (cidrs.length > cidrNames.length)
    throw new AppError('stack-choice-invalid', { choice: 'the list of ranges', wanted: 'three at most' })
  // Those of an earlier deployment that are not named any more are taken away.
  return Object.fromEntries(cidrNames.map((name, index) => [name, withMask(cidrs[index] ?? '')]))
}

/** The template refuses it as well; this says what to do. */
function refuseOpenByAccident(chosen: ParameterValues, current: StackView | undefined): void {
  const isAsked = chosen['OpenToTheInternet'] ?? current?.parameters['OpenToTheInternet'] ?? 'no'
  if (isAsked !== 'yes' && chosen['AllowedCidr'] === anyAddress)
    throw new AppError('stack-open-refused', { cidr: anyAddress })
}

/** One address is a range of one. */
function withMask(cidr: string): string {
  return cidr === '' || cidr.includes('/') ? cidr : `${cidr}/32`
}

function withSlash(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
}
