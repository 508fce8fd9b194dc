import { z } from 'zod'

const oneOrMore = z.union([z.string(), z.array(z.string())])

const policySchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Action: oneOrMore.optional(),
      Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
    }),
  ),
})

/**
 * The ARN of the access point without which a file system's policy lets nobody mount; `undefined` when there is none, or the policy is put in other
 * words than our templates'.
 */
export function requiredAccessPoint(policy: string): string | undefined {
  const parsed = policySchema.safeParse(parseJson(policy))
  if (!parsed.success) return undefined
  const deniesMounting = parsed.data.Statement.filter(
    ({ Effect, Action = [] }) =>
      Effect === 'Deny' && [Action].flat().some((action) => /^(s3files:(\*|ClientMount)|\*)$/.test(action)),
  )
  return deniesMounting.flatMap(({ Condition = {} }) => {
    const arns = [Condition['StringNotEquals']?.['s3files:AccessPointArn'] ?? []].flat()
    return arns.length === 1 ? arns : []
  })[0]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
