import type { SsoAccess } from '../ports.ts'

/** Where a person signs in; profiles that share one share its sign-in. */
export type IdentityCenter = Pick<SsoAccess, 'sessionName' | 'startUrl' | 'region' | 'scopes'>

const accountAccess = 'sso:account:access'

/**
 * The scopes to register with. Refresh tokens come only with a scope, so a session always has one; a profile of the old form is registered
 * as AWS's own command does it, without.
 */
export function scopesOf({ sessionName, scopes }: IdentityCenter): readonly string[] {
  if (scopes.length > 0) return scopes
  return sessionName === undefined ? [] : [accountAccess]
}
