import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { z } from 'zod'

import { templateFileName, type WayIn } from '../../../infra/api/way-in.ts'

const parameterSchema = z.looseObject({
  Type: z.string(),
  Default: z.union([z.string(), z.number()]).optional(),
  AllowedPattern: z.string().optional(),
  AllowedValues: z.array(z.string()).optional(),
  MinValue: z.number().optional(),
  MaxValue: z.number().optional(),
  MaxLength: z.number().optional(),
})

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
})

const templateSchema = z.looseObject({
  Parameters: z.record(z.string(), parameterSchema),
  Rules: z.record(
    z.string(),
    z.looseObject({
      RuleCondition: z.unknown().optional(),
      Assertions: z.array(z.object({ Assert: z.unknown(), AssertDescription: z.string() })),
    }),
  ),
  Conditions: z.record(z.string(), z.unknown()),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })),
})

export type CfnTemplate = z.infer<typeof templateSchema>
export type CfnResource = z.infer<typeof resourceSchema>

export const resourcesDir = join(import.meta.dirname, '../../../resources')

/** The committed template, as it is deployed. */
export function templateOf(wayIn: WayIn): CfnTemplate {
  return templateSchema.parse(JSON.parse(readFileSync(join(resourcesDir, templateFileName(wayIn)), 'utf8')))
}

export interface Deployed {
  readonly resources: Readonly<Record<string, CfnResource>>
  readonly outputs: Readonly<Record<string, unknown>>
}

type Values = Readonly<Record<string, string | number>>

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-north-1',
  'AWS::AccountId': '111122223333',
  'AWS::StackName': 'photos',
}

const absent = Symbol('AWS::NoValue')

/** Why CloudFormation would not begin with these parameters. */
export function refusals(template: CfnTemplate, given: Values): readonly string[] {
  const values = withDefaults(template, given)
  const evaluate = evaluator(template, values)
  const bad = Object.entries(template.Parameters).flatMap(([name, spec]) => {
    const value = values[name]
    return value !== undefined && isAllowed(spec, value) ? [] : [name]
  })
  const broken = Object.values(template.Rules).flatMap(({ RuleCondition, Assertions }) =>
    RuleCondition === undefined || evaluate(RuleCondition) === true
      ? Assertions.filter(({ Assert }) => evaluate(Assert) !== true).map(
          ({ AssertDescription }) => AssertDescription,
        )
      : [],
  )
  return [...bad, ...broken]
}

/**
 * What CloudFormation would make of the template with these parameters: resources that exist, with their intrinsic functions resolved. A reference to a
 * resource is its id in angle brackets, an attribute `<id.attribute>`. Throws where a template leans on something that is not made.
 */
export function deploy(template: CfnTemplate, given: Values): Deployed {
  const refused = refusals(template, given)
  if (refused.length > 0) throw new Error(`Refused: ${refused.join('; ')}`)
  const evaluate = evaluator(template, withDefaults(template, given))
  const resources = Object.fromEntries(
    Object.entries(template.Resources)
      .filter(([, { Condition }]) => Condition === undefined || evaluate({ Condition }) === true)
      .map(([id, resource]) => {
        for (const dependency of [resource.DependsOn ?? []].flat()) evaluate({ Ref: dependency })
        return [
          id,
          { ...resource, Properties: z.record(z.string(), z.unknown()).parse(evaluate(resource.Properties)) },
        ]
      }),
  )
  const outputs = Object.fromEntries(
    Object.entries(template.Outputs).map(([name, { Value }]) => [name, evaluate(Value)]),
  )
  return { resources, outputs }
}

function withDefaults(
  template: CfnTemplate,
  given: Values,
): Readonly<Record<string, string | number | undefined>> {
  const unknown = Object.keys(given).filter((name) => !(name in template.Parameters))
  if (unknown.length > 0) throw new Error(`The template has no parameter ${unknown.join(', ')}`)
  const entries = Object.entries(template.Parameters)
  return Object.fromEntries(entries.map(([name, { Default }]) => [name, given[name] ?? Default]))
}

function isAllowed(spec: z.infer<typeof parameterSchema>, value: string | number): boolean {
  const text = String(value)
  return (
    (spec.AllowedPattern === undefined || new RegExp(`^(?:${spec.AllowedPattern})$`).test(text)) &&
    (spec.AllowedValues?.includes(text) ?? true) &&
    (spec.MaxLength === undefined || text.length <= spec.MaxLength) &&
    (spec.MinValue === undefined || Number(value) >= spec.MinValue) &&
    (spec.MaxValue === undefined || Number(value) <= spec.MaxValue)
  )
}

/** Resolves what the templates use of CloudFormation's functions, and throws for any other. */
function evaluator(template: CfnTemplate, values: Readonly<Record<string, unknown>>) {
  const list = (node: unknown) => z.array(z.unknown()).parse(node)
  const exists = (id: string) => {
    const resource = template.Resources[id]
    if (resource === undefined) throw new Error(`There is no ${id}`)
    if (resource.Condition !== undefined && evaluate({ Condition: resource.Condition }) !== true)
      throw new Error(`${id} is used, but not made`)
  }
  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (argument) => {
      const name = z.string().parse(argument)
      if (name === 'AWS::NoValue') return absent
      if (name in pseudo) return pseudo[name]
      if (name in template.Parameters) return values[name]
      exists(name)
      return `<${name}>`
    },
    Condition: (argument) => {
      const name = z.string().parse(argument)
      if (!(name in template.Conditions)) throw new Error(`There is no condition ${name}`)
      return evaluate(template.Conditions[name])
    },
    'Fn::GetAtt': (argument) => {
      const [id = '', attribute = ''] = z.array(z.string()).parse(argument)
      exists(id)
      return `<${id}.${attribute}>`
    },
    'Fn::If': (argument) => {
      const [condition, then, otherwise] = list(argument)
      return evaluate({ Condition: condition }) === true ? evaluate(then) : evaluate(otherwise)
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = list(argument)
      return list(evaluate(parts)).join(z.string().parse(separator))
    },
    'Fn::Select': (argument) => {
      const [index, items] = list(argument)
      return list(evaluate(items))[Number(index)]
    },
    'Fn::GetAZs': () => [`${pseudo['AWS::Region']!}a`, `${pseudo['AWS::Region']!}b`],
    'Fn::Equals': (argument) => {
      const [left, right] = list(argument).map((item) => String(evaluate(item)))
      return left === right
    },
    'Fn::Not': (argument) => list(argument).every((item) => evaluate(item) !== true),
    'Fn::And': (argument) => list(argument).every((item) => evaluate(item) === true),
    'Fn::Or': (argument) => list(argument).some((item) => evaluate(item) === true),
  }
  const evaluate = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(evaluate).filter((item) => item !== absent)
    if (typeof node !== 'object' || node === null) return node
    const entries = Object.entries(z.record(z.string(), z.unknown()).parse(node))
    const [name, argument] = entries[0] ?? ['', undefined]
    const intrinsic = entries.length === 1 ? functions[name] : undefined
    if (intrinsic !== undefined) return intrinsic(argument)
    if (name.startsWith('Fn::')) throw new Error(`${name} is not known here`)
    return Object.fromEntries(
      entries.map(([key, value]) => [key, evaluate(value)] as const).filter(([, value]) => value !== absent),
    )
  }
  return evaluate
}
