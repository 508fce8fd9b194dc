import type { AppError } from './errors.ts'

/** Credentials that are good now. They stay in the process that got them. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** What was being done when AWS failed; only what a sentence may show. */
export interface AwsCall {
  /** As IAM calls it: `s3:GetObject`. */
  readonly action: string
  readonly host: string
  readonly profile?: string
}

/** What every client of AWS's SDK is made with. */
export interface AwsClientSettings {
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

/** A step that every client gets, between the wire and what makes errors of answers. */
export type AnswerStep = <Args, Output extends { readonly response: unknown }>(
  next: (args: Args) => Promise<Output>,
) => (args: Args) => Promise<Output>

/** What a service that asks AWS takes from the credentials service, which it does not import. `Service` is named as AWS's endpoints are. */
export interface AwsAccess<Service extends string> {
  settingsFor(service: Service): AwsClientSettings
  hostOf(service: Service, region: string): string
  /** Notes AWS's time. */
  readonly noteDates: AnswerStep
  /** Any error of a client as one of ours, once. */
  translate(error: unknown, call: AwsCall): AppError
}
