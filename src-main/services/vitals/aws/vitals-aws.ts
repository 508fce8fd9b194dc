import type { AwsAccess, AwsCredentials } from '../../../shared/aws-access.ts'

export type VitalsService = 's3' | 'cloudwatch'

/** What vitals take from the credentials service, which they do not import. */
export interface VitalsAws extends AwsAccess<VitalsService> {
  /** Credentials that are good now, of the default profile where none is named. Asks nobody. @throws AppError what stands in the way. */
  credentialsOf(profile: string | undefined, signal: AbortSignal): Promise<AwsCredentials>
  /** How far AWS's clock is ahead of this machine's, by its last answer. */
  skewMs(): number | undefined
}
