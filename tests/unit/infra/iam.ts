import { z } from 'zod'

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat())

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.record(z.string(), oneOrMore)]).optional(),
  Action: oneOrMore,
  Resource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
})

const policySchema = z.strictObject({ Version: z.literal('2012-10-17'), Statement: z.array(statementSchema) })

export type Statement = z.infer<typeof statementSchema>

/** The statements of a policy document; throws if it is not one. */
export function statementsOf(document: unknown): readonly Statement[] {
  return policySchema.parse(document).Statement
}

export interface Request {
  readonly action: string
  readonly resource: string
  /** Whoever asks: an ARN, or a service. Policies of an identity do not ask for it. */
  readonly principal?: string
  readonly context?: Readonly<Record<string, string>>
}

/** As IAM does: a statement that denies wins, and without one that allows the answer is no. */
export function decide(
  statements: readonly Statement[],
  request: Request,
): 'allowed' | 'denied' | 'not allowed' {
  const effects = statements.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect)
  if (effects.includes('Deny')) return 'denied'
  return effects.includes('Allow') ? 'allowed' : 'not allowed'
}

function applies(statement: Statement, { action, resource, principal, context = {} }: Request): boolean {
  const { Principal, Action, Resource, Condition = {} } = statement
  return (
    (Principal === undefined ||
      Principal === '*' ||
      isAmong(Object.values(Principal).flat(), principal ?? '')) &&
    isAmong(Action, action) &&
    (Resource === undefined || isAmong(Resource, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], wanted)),
    )
  )
}

function isAmong(patterns: readonly string[], value: string): boolean {
  return patterns.some((pattern) => isLike(pattern, value))
}

/** A key that a request does not have satisfies the negated operators only. */
function holds(operator: string, actual: string | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'Bool':
      return actual !== undefined && wanted.includes(actual)
    case 'StringNotEquals':
      return actual === undefined || !wanted.includes(actual)
    case 'StringLike':
    case 'ArnLike':
      return actual !== undefined && isAmong(wanted, actual)
    default:
      throw new Error(`${operator} is not known here`)
  }
}

function isLike(pattern: string, value: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${source}$`, 's').test(value)
}
