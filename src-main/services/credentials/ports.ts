import type { Event } from '../../lib/event.ts'
import type { SessionCredentials } from './tunnel-identity.ts'

/** What a profile says about IAM Identity Center. */
export interface SsoAccess {
  /** Absent for profiles of the old form, which hold all of it themselves and get no refresh token. */
  readonly sessionName?: string
  readonly startUrl: string
  readonly region: string
  /** `sso_registration_scopes`; empty when the section has none. */
  readonly scopes: readonly string[]
  readonly accountId: string
  readonly roleName: string
}

/** What is known of a sign-in without asking AWS. */
export type SignInFacts =
  | { readonly kind: 'missing' }
  | { readonly kind: 'expired' }
  /** `renewable`: there is a refresh token, so nobody is needed when it ends. */
  | { readonly kind: 'valid'; readonly expiresAtMs: number; readonly renewable: boolean }

/** Sign-ins at IAM Identity Center, as sessions make use of them. Never asks a person anything: that is what signing in does. */
export interface SsoSignIns {
  factsOf(access: SsoAccess): Promise<SignInFacts>
  /**
   * Role credentials by the current sign-in, which is renewed silently where it can be.
   * @throws AppError `sign-in-needed` when there is none, `sign-in-expired` when it has ended, `role-denied`, or what a network does.
   */
  roleCredentials(access: SsoAccess, signal: AbortSignal): Promise<SessionCredentials>
  /** Somebody has signed in or out, here or in another program: what failed for want of a sign-in is tried again. May come more than once. */
  readonly changed: Event<void>
}

export interface MfaQuestion {
  readonly profile: string
  /** `mfa_serial`: the ARN or serial number of the authenticator. */
  readonly serial: string
  readonly role: string
}

/**
 * Asks the person at the machine for the code that the authenticator shows. It is used once and not kept.
 * @throws AppError `cancelled` when they would rather not.
 */
export type AskMfaCode = (question: MfaQuestion, signal: AbortSignal) => Promise<string>

/** How the AWS of a test, or of a company's own, is reached; `undefined` for AWS's usual endpoint. */
export type EndpointOf = (service: AwsService) => string | undefined
export type AwsService =
  'sts' | 's3files' | 'cloudwatch' | 's3' | 'sso' | 'sso-oidc' | 'cloudformation' | 'ssm'
