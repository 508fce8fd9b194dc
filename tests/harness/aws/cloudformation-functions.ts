import type { MadeResource } from './resource-host.ts'

/** A template as our files are, as far as it is made use of here. */
export interface Template {
  readonly Description?: string
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>
  readonly Rules?: Readonly<Record<string, TemplateRule>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Resources: Readonly<Record<string, TemplateResource>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>
}

export interface TemplateParameter {
  readonly Type: string
  readonly Default?: string | number
  readonly AllowedPattern?: string
  readonly AllowedValues?: readonly string[]
  readonly ConstraintDescription?: string
}

interface TemplateRule {
  readonly RuleCondition?: unknown
  readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription: string }[]
}

export interface TemplateResource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly Condition?: string
  readonly DependsOn?: string | readonly string[]
  readonly DeletionPolicy?: string
}

export interface Surroundings {
  readonly stackName: string
  readonly stackId: string
  readonly region: string
  readonly accountId: string
}

/** What functions are evaluated with. */
export interface Scope {
  readonly template: Template
  readonly parameters: Readonly<Record<string, string>>
  readonly surroundings: Surroundings
  /** Resources that are there, by logical id. */
  readonly made: Pick<ReadonlyMap<string, MadeResource>, 'get'>
}

/** Not a value: a property that is this is left out. */
const noValue = Symbol('AWS::NoValue')

/** Evaluates CloudFormation's functions in `value`, deep. Throws for what our templates have no use for. */
export function evaluate(value: unknown, scope: Scope): unknown {
  const result = resolve(value, scope)
  return result === noValue ? undefined : result
}

export function holds(condition: unknown, scope: Scope): boolean {
  return resolve(condition, scope) === true
}

/** Is the resource part of the stack, by its condition? */
export function isWanted({ Condition }: TemplateResource, scope: Scope): boolean {
  return Condition === undefined || holds(scope.template.Conditions?.[Condition], scope)
}

/** Logical ids that have to be there before a resource: what it names, and what it says itself. */
export function needsOf(resource: TemplateResource, scope: Scope): ReadonlySet<string> {
  const needs = new Set<string>([resource.DependsOn ?? []].flat())
  // By evaluating it with resources that note who asks for them: branches of Fn::If that are not taken need nothing.
  const made = {
    get: (id: string): MadeResource => {
      needs.add(id)
      return unknownYet
    },
  }
  resolve(resource.Properties ?? {}, { ...scope, made })
  return needs
}

const notKnownYet = '(known when it is made)'

/** A resource that is to be made: nothing of it is known. */
export const unknownYet: MadeResource = {
  physicalId: notKnownYet,
  attributes: new Proxy({}, { get: () => notKnownYet }),
}

export function isKnown(value: unknown): boolean {
  return !JSON.stringify(value ?? null).includes(notKnownYet)
}

function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, scope)).filter((one) => one !== noValue)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [first] = entries
  if (entries.length === 1 && first !== undefined && (first[0] === 'Ref' || first[0].startsWith('Fn::')))
    return call(first[0], first[1], scope)
  return Object.fromEntries(
    entries.flatMap(([name, one]) => {
      const resolved = resolve(one, scope)
      return resolved === noValue ? [] : [[name, resolved]]
    }),
  )
}

function call(name: string, input: unknown, scope: Scope): unknown {
  const args = (Array.isArray(input) ? input : [input]) as readonly unknown[]
  const at = (index: number): unknown => resolve(args[index], scope)
  switch (name) {
    case 'Ref':
      return reference(String(input), scope)
    case 'Fn::GetAtt':
      return attribute(String(args[0]), String(args[1]), scope)
    case 'Fn::If':
      return at(holds(scope.template.Conditions?.[String(args[0])], scope) ? 1 : 2)
    case 'Fn::Equals':
      return String(at(0)) === String(at(1))
    case 'Fn::Not':
      return at(0) !== true
    case 'Fn::And':
      return args.every((one) => holds(one, scope))
    case 'Fn::Or':
      return args.some((one) => holds(one, scope))
    case 'Fn::Join':
      return (at(1) as readonly unknown[]).map(String).join(String(args[0]))
    case 'Fn::Select':
      return (at(1) as readonly unknown[])[Number(at(0))]
    case 'Fn::GetAZs':
      return ['a', 'b', 'c'].map((letter) => `${scope.surroundings.region}${letter}`)
    case 'Fn::Sub':
      return String(args[0]).replaceAll(/\$\{([^}]+)\}/g, (_all, id: string) => String(reference(id, scope)))
    default:
      throw new Error(`the local CloudFormation does not know ${name}`)
  }
}

function reference(id: string, { parameters, surroundings, made }: Scope): unknown {
  switch (id) {
    case 'AWS::NoValue':
      return noValue
    case 'AWS::Region':
      return surroundings.region
    case 'AWS::AccountId':
      return surroundings.accountId
    case 'AWS::Partition':
      return 'aws'
    case 'AWS::StackName':
      return surroundings.stackName
    case 'AWS::StackId':
      return surroundings.stackId
  }
  if (id in parameters) return parameters[id]
  const resource = made.get(id)
  if (resource === undefined) throw new Error(`${id} is not there yet`)
  return resource.physicalId
}

function attribute(id: string, name: string, { made }: Scope): string {
  const value = made.get(id)?.attributes[name]
  if (value === undefined) throw new Error(`${id} has no attribute ${name}`)
  return value
}
