import type { AppError } from '../../shared/errors.ts'

/** AWS's services that stacks have to do with, as its endpoints are named. */
export type StackService = 'cloudformation' | 's3' | 's3files' | 'ssm'

/** Credentials that are good now. */
export interface StackCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** @throws AppError what stands in the way: a sign-in that has ended, say. */
export type CredentialsOf = (profile: string, signal: AbortSignal) => Promise<StackCredentials>

/** What was being done when AWS failed; only what a sentence may show. */
export interface StackCall {
  /** As IAM calls it: `cloudformation:CreateChangeSet`. */
  readonly action: string
  readonly host: string
  readonly profile: string
}

export interface StackClientSettings {
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

/** What stacks take from the credentials service, which they do not import. */
export interface StackAws {
  readonly credentialsOf: CredentialsOf
  settingsFor(service: StackService): StackClientSettings
  hostOf(service: StackService, region: string): string
  /** Notes AWS's time. */
  readonly noteDates: AnswerStep
  /** Any error of a client as one of ours, once. */
  translate(error: unknown, call: StackCall): AppError
  /** Who AWS takes the caller for; needs no permission. */
  whoIs(profile: string, region: string, signal: AbortSignal): Promise<StackCaller>
}

export interface StackCaller {
  readonly arn: string
  readonly accountId?: string
}
