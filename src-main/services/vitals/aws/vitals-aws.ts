import type { AppError } from '../../../shared/errors.ts'

export type VitalsService = 's3' | 'cloudwatch'

export interface VitalsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** What was being done when AWS failed; only what a sentence may show. */
export interface VitalsCall {
  /** As IAM calls it: `s3:GetObject`. */
  readonly action: string
  readonly host: string
  readonly profile?: string
}

export interface VitalsClientSettings {
  readonly maxAttempts: number
  readonly requestHandler: {
    readonly connectionTimeout: number
    readonly requestTimeout: number
    readonly throwOnRequestTimeout: boolean
  }
  readonly disableClockSkewCorrection: true
  /** Absent for AWS's usual one. */
  readonly endpoint?: string
}

/** A step that every client of the SDK gets, between the wire and what makes errors of answers. */
export type AnswerStep = <Args, Output extends { readonly response: unknown }>(
  next: (args: Args) => Promise<Output>,
) => (args: Args) => Promise<Output>

/** What vitals take from the credentials service, which they do not import. */
export interface VitalsAws {
  /** Credentials that are good now, of the default profile where none is named. Asks nobody. @throws AppError what stands in the way. */
  credentialsOf(profile: string | undefined, signal: AbortSignal): Promise<VitalsCredentials>
  settingsFor(service: VitalsService): VitalsClientSettings
  hostOf(service: VitalsService, region: string): string
  /** Notes AWS's time. */
  readonly noteDates: AnswerStep
  /** How far AWS's clock is ahead of this machine's, by its last answer. */
  skewMs(): number | undefined
  /** Any error of a client as one of ours, once. */
  translate(error: unknown, call: VitalsCall): AppError
}
