import type { SerializedError } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { SignInFacts } from '../ports.ts'
import type { AwsConfig } from './aws-config.ts'
import { planCredentials, type CredentialPlan } from './credential-plan.ts'

export type ProfileKind =
  | 'sso-session'
  | 'sso-legacy'
  | 'assume-role'
  | 'web-identity'
  | 'static'
  | 'temporary'
  | 'process'
  | 'login'
  | 'environment'
  | 'container'
  | 'instance'

/** Whether somebody has to be there, and for what. `unknown`: keys that end at a time their file does not tell, or a sign-in of another program. */
export type PersonNeed =
  | { readonly when: 'never' }
  | { readonly when: 'now'; readonly why: 'sign-in-missing' | 'sign-in-expired' | 'mfa' }
  | { readonly when: 'at'; readonly why: 'sign-in-ends'; readonly atMs: number }
  | { readonly when: 'unknown'; readonly why: 'temporary-keys' | 'other-program' }

/** A profile of this machine, as far as its files tell. */
export type Profile = UsableProfile | BrokenProfile

export interface UsableProfile {
  readonly name: string
  readonly kind: ProfileKind
  readonly region?: string
  readonly accountId?: string
  readonly roleName?: string
  /** This profile and those it builds on, to the one with the source. */
  readonly chain: readonly string[]
  /** For a session that begins now. */
  readonly need: PersonNeed
}

export interface BrokenProfile {
  readonly name: string
  readonly problem: SerializedError
}

/** @param signIn what is known of the sign-in the profile builds on; `undefined` when it builds on none. */
export function describeProfile(name: string, config: AwsConfig, signIn: SignInFacts | undefined): Profile {
  try {
    const plan = planCredentials(name, config)
    const { source, roles, region } = plan
    const account = accountOf(plan, config)
    return {
      name,
      kind: kindOf(plan),
      ...(region !== undefined && { region }),
      ...account,
      chain: [...new Set([...roles.map((role) => role.profile).reverse(), source.profile])],
      need: needOf(plan, signIn),
    }
  } catch (error) {
    return { name, problem: toAppError(error).toJSON() }
  }
}

export function isBroken(profile: Profile): profile is BrokenProfile {
  return 'problem' in profile
}

function kindOf({ source, roles }: CredentialPlan): ProfileKind {
  if (roles.length > 0) return 'assume-role'
  if (source.kind === 'sso') return source.access.sessionName === undefined ? 'sso-legacy' : 'sso-session'
  if (source.kind === 'static') return source.temporary ? 'temporary' : 'static'
  return source.kind
}

function accountOf(
  { source, roles }: CredentialPlan,
  config: AwsConfig,
): { readonly accountId?: string; readonly roleName?: string } {
  const role = roles.at(-1) ?? (source.kind === 'web-identity' ? source.role : undefined)
  if (role !== undefined) return { accountId: role.accountId, roleName: role.roleName }
  if (source.kind === 'sso') return { accountId: source.access.accountId, roleName: source.access.roleName }
  const accountId = config.profile(source.profile)?.['aws_account_id']
  return accountId === undefined ? {} : { accountId }
}

function needOf({ source, roles }: CredentialPlan, signIn: SignInFacts | undefined): PersonNeed {
  if (signIn?.kind === 'missing') return { when: 'now', why: 'sign-in-missing' }
  if (signIn?.kind === 'expired') return { when: 'now', why: 'sign-in-expired' }
  if (roles.some(({ mfaSerial }) => mfaSerial !== undefined)) return { when: 'now', why: 'mfa' }
  if (signIn?.kind === 'valid' && !signIn.renewable) {
    return { when: 'at', why: 'sign-in-ends', atMs: signIn.expiresAtMs }
  }
  if (source.kind === 'static' && source.temporary) return { when: 'unknown', why: 'temporary-keys' }
  if (source.kind === 'login' || source.kind === 'process') return { when: 'unknown', why: 'other-program' }
  return { when: 'never' }
}
