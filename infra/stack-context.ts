import { CfnCondition, CfnParameter, Fn, type CfnResource, type Stack } from 'aws-cdk-lib'

import type { ParameterSpec } from './api/parameter-spec.ts'

/**
 * What the parts of a stack are built with. Parts are functions that add L1 resources right below the stack, not construct classes: that
 * way a resource is called in CloudFormation's events what it is called here, without a path and a hash.
 */
export interface StackContext {
  readonly stack: Stack
  /** Adds a parameter, once. */
  readonly parameter: (name: string, spec: ParameterSpec) => void
  /** The value of a parameter that was added. */
  readonly value: (name: string) => string
  /** The same as a number. */
  readonly numberValue: (name: string) => number
  /** True when a parameter that may be empty is not. One condition per parameter, made when first asked for. */
  readonly isGiven: (name: string) => CfnCondition
  /** The opposite. */
  readonly isEmpty: (name: string) => CfnCondition
  /** True when a parameter has this value. */
  readonly equals: (name: string, value: string) => CfnCondition
}

/** Everything that is added to `stack` goes through what is returned. */
export function stackContext(stack: Stack): StackContext {
  const parameters = new Map<string, CfnParameter>()
  const conditions = new Map<string, CfnCondition>()

  const parameterNamed = (name: string): CfnParameter => {
    const parameter = parameters.get(name)
    if (parameter === undefined) throw new Error(`The template has no parameter ${name}.`)
    return parameter
  }
  const value = (name: string) => Fn.ref(parameterNamed(name).logicalId)
  const condition = (id: string, expression: () => ConstructorParameters<typeof CfnCondition>[2]) => {
    const known = conditions.get(id) ?? new CfnCondition(stack, id, expression())
    conditions.set(id, known)
    return known
  }

  return {
    stack,
    parameter: (name, spec) => {
      const { constraint, allowedValues, ...rest } = spec
      const parameter = new CfnParameter(stack, name, {
        ...rest,
        ...(allowedValues === undefined ? {} : { allowedValues: [...allowedValues] }),
        ...(constraint === undefined ? {} : { constraintDescription: `${name} must be ${constraint}.` }),
      })
      parameters.set(name, parameter)
    },
    value,
    numberValue: (name) => parameterNamed(name).valueAsNumber,
    isGiven: (name) =>
      condition(`Has${name}`, () => ({ expression: Fn.conditionNot(Fn.conditionEquals(value(name), '')) })),
    isEmpty: (name) => condition(`No${name}`, () => ({ expression: Fn.conditionEquals(value(name), '') })),
    equals: (name, wanted) =>
      condition(`${name}Is${wanted}`, () => ({ expression: Fn.conditionEquals(value(name), wanted) })),
  }
}

/** Makes each of `resources` only when `condition` holds. */
export function onlyWhen(condition: CfnCondition, ...resources: readonly CfnResource[]): void {
  for (const resource of resources) resource.cfnOptions.condition = condition
}

/** A string that depends on a condition. */
export function either(condition: CfnCondition, then: string, otherwise: string): string {
  return Fn.conditionIf(condition.logicalId, then, otherwise).toString()
}
