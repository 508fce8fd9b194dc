import { CloudFormationError, type ChangeSetInput } from './cloudformation-stack.ts'
import type { Template } from './cloudformation-functions.ts'

/** The values of all parameters, or CloudFormation's refusal of those that were given. */
export function checkTemplateInput(
  template: Template,
  { parameters: given, capabilities }: ChangeSetInput,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const specs = template.Parameters ?? {}
  const unknown = given.filter(({ name }) => !(name in specs))
  if (unknown.length > 0)
    throw refused(`Parameters: [${unknown.map(({ name }) => name).join(', ')}] do not exist in the template`)
  const makesRoles = Object.values(template.Resources).some(({ Type }) => Type.startsWith('AWS::IAM::'))
  if (makesRoles && !capabilities.some((one) => one.startsWith('CAPABILITY_')))
    throw new CloudFormationError(
      'InsufficientCapabilitiesException',
      'Requires capabilities : [CAPABILITY_IAM]',
    )
  const values: Record<string, string> = {}
  const missing: string[] = []
  for (const [name, spec] of Object.entries(specs)) {
    const wish = given.find((one) => one.name === name)
    const value = wish === undefined ? spec.Default : (wish.value ?? before[name])
    if (value === undefined) missing.push(name)
    else values[name] = checked(name, String(value), template)
  }
  if (missing.length > 0) throw refused(`Parameters: [${missing.join(', ')}] must have values`)
  return values
}

function checked(name: string, value: string, { Parameters = {} }: Template): string {
  const { AllowedPattern, AllowedValues, ConstraintDescription = 'not allowed' } = Parameters[name]!
  const isRight =
    (AllowedPattern === undefined || new RegExp(AllowedPattern).test(value)) &&
    (AllowedValues === undefined || AllowedValues.includes(value))
  if (!isRight) throw refused(`Parameter '${name}' must match pattern: ${ConstraintDescription}`)
  return value
}

function refused(message: string): CloudFormationError {
  return new CloudFormationError('ValidationError', message)
}
