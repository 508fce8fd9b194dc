import type { AwsAccess, AwsCredentials } from '../../shared/aws-access.ts'

/** AWS's services that stacks have to do with, as its endpoints are named. */
export type StackService = 'cloudformation' | 's3' | 's3files' | 'ssm'

/** What stacks take from the credentials service, which they do not import. */
export interface StackAws extends AwsAccess<StackService> {
  /** Credentials that are good now. @throws AppError what stands in the way: a sign-in that has ended, say. */
  credentialsOf(profile: string, signal: AbortSignal): Promise<AwsCredentials>
  /** Who AWS takes the caller for; needs no permission. */
  whoIs(profile: string, region: string, signal: AbortSignal): Promise<StackCaller>
}

export interface StackCaller {
  readonly arn: string
  readonly accountId?: string
}
