/** A role's ARN, taken apart. */
export interface RoleArn {
  readonly partition: string
  readonly accountId: string
  /** Without its path. */
  readonly roleName: string
}

const shape = /^arn:(aws[\w-]*):iam::(\d{12}):role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]+)$/

/** `undefined` for a text that is not the ARN of a role. */
export function parseRoleArn(arn: string): RoleArn | undefined {
  const [, partition, accountId, roleName] = shape.exec(arn) ?? []
  if (partition === undefined || accountId === undefined || roleName === undefined) return undefined
  return { partition, accountId, roleName }
}

/** Account and role of whoever uses credentials, from what GetCallerIdentity calls them. */
export function parseCallerArn(arn: string): { readonly accountId?: string; readonly roleName?: string } {
  const [, accountId, roleName] =
    /^arn:[^:]+:(?:sts|iam)::(\d{12}):(?:assumed-role\/([^/]+)\/)?/.exec(arn) ?? []
  return { ...(accountId !== undefined && { accountId }), ...(roleName !== undefined && { roleName }) }
}
