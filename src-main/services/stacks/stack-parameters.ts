import type { ParameterSpec } from '../../../infra/api/parameter-spec.ts'
import { commonParameterGroups } from '../../../infra/api/parameters.ts'
import { parametersOfWayIn } from '../../../infra/api/way-in-parameters.ts'
import type { WayIn } from '../../../infra/api/way-in.ts'
import { AppError } from '../../shared/errors.ts'

/** Values for a template's parameters, by their names there. */
export type ParameterValues = Readonly<Record<string, string>>

/** All parameters that the template of a way in has. */
export function parameterSpecsOf(wayIn: WayIn): Readonly<Record<string, ParameterSpec>> {
  return Object.assign({}, ...Object.values(commonParameterGroups), parametersOfWayIn[wayIn]) as Readonly<
    Record<string, ParameterSpec>
  >
}

/** @throws AppError `stack-choice-invalid` for a value that the template would refuse, or one it knows nothing of. */
export function checkParameters(wayIn: WayIn, values: ParameterValues): void {
  const specs = parameterSpecsOf(wayIn)
  for (const [name, value] of Object.entries(values)) {
    const spec = specs[name]
    if (spec === undefined)
      throw new AppError('stack-choice-invalid', { choice: name, wanted: `left out with ${wayIn}` })
    if (!isAllowed(spec, value))
      throw new AppError('stack-choice-invalid', { choice: nameOf(name), wanted: wantedBy(spec) })
  }
}

/**
 * For a change set: what was chosen, and for the rest the value that the stack has, as `undefined`.
 * @param had the names the stack was deployed with; none for a new one.
 * @throws AppError `stack-choice-invalid` for a parameter that has no default and was not chosen.
 */
export function completeParameters(
  wayIn: WayIn,
  chosen: ParameterValues,
  had: readonly string[],
): Readonly<Record<string, string | undefined>> {
  checkParameters(wayIn, chosen)
  const specs = parameterSpecsOf(wayIn)
  const kept = had.filter((name) => name in specs && !(name in chosen))
  for (const [name, spec] of Object.entries(specs))
    if (spec.default === undefined && !(name in chosen) && !kept.includes(name))
      throw new AppError('stack-choice-invalid', { choice: nameOf(name), wanted: wantedBy(spec) })
  return { ...Object.fromEntries(kept.map((name) => [name, undefined])), ...chosen }
}

/** What people choose is not called what templates call it. */
const names: Readonly<Record<string, string>> = {
  NewBucketName: 'the name of the new bucket',
  ExistingBucketName: 'the name of the bucket',
  BucketPrefix: 'the prefix',
  KmsKeyArn: 'the KMS key',
  AllowedCidr: 'the address range',
  AllowedCidr2: 'the second address range',
  AllowedCidr3: 'the third address range',
  VpcId: 'the VPC',
  SubnetId: 'the subnet',
  MountTargetIpv4Address: 'the address of the mount target',
}

function nameOf(parameter: string): string {
  return names[parameter] ?? parameter
}

function wantedBy({ constraint, allowedValues, minValue, maxValue, description }: ParameterSpec): string {
  if (constraint !== undefined) return constraint
  if (allowedValues !== undefined) return allowedValues.join(' or ')
  if (minValue !== undefined && maxValue !== undefined) return `a number from ${minValue} to ${maxValue}`
  return description
}

function isAllowed(spec: ParameterSpec, value: string): boolean {
  const { allowedPattern, allowedValues, maxLength = Infinity } = spec
  if (value.length > maxLength) return false
  if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value)) return false
  if (allowedValues !== undefined && !allowedValues.includes(value)) return false
  if (spec.type !== 'Number') return true
  const number = Number(value)
  const { minValue = -Infinity, maxValue = Infinity } = spec
  return /^-?\d+$/.test(value) && number >= minValue && number <= maxValue
}
