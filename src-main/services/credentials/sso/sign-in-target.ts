import { AppError, isAppError } from '../../../shared/errors.ts'
import type { AwsConfig } from '../profiles/aws-config.ts'
import { planCredentials } from '../profiles/credential-plan.ts'
import { tokenFileName } from './cache-names.ts'
import type { IdentityCenter } from './identity-center.ts'

/** Where to sign in for a profile. */
export interface SignInTarget {
  readonly profile: string
  readonly center: IdentityCenter
  /** All profiles that its sign-in serves, this one included. */
  readonly servedProfiles: readonly string[]
}

/**
 * Finds the sign-in of a profile. Where none is named the default one counts, or, when that has no sign-in, the only Identity Center there is.
 * @throws AppError `sign-in-not-used` for a profile without one, or what is wrong with the profile.
 */
export function findSignInTarget(
  config: AwsConfig,
  named: string | undefined,
  defaultName: string,
): SignInTarget {
  const all = config.profileNames.flatMap((profile) => signInOf(profile, config))
  const targetOf = (profile: string, center: IdentityCenter): SignInTarget => ({
    profile,
    center,
    servedProfiles: all.filter((other) => isSame(other.center, center)).map((other) => other.profile),
  })
  const profile = named ?? defaultName
  const own = all.find((one) => one.profile === profile)
  if (own !== undefined) return targetOf(profile, own.center)
  const [first] = all
  if (named === undefined && first !== undefined && all.every(({ center }) => isSame(center, first.center))) {
    return targetOf(first.profile, first.center)
  }
  // Says what is wrong with the profile, where something is.
  planCredentials(profile, config)
  throw new AppError('sign-in-not-used', { profile })
}

interface ProfileSignIn {
  readonly profile: string
  readonly center: IdentityCenter
}

function signInOf(profile: string, config: AwsConfig): readonly ProfileSignIn[] {
  try {
    const { source } = planCredentials(profile, config)
    return source.kind === 'sso' ? [{ profile, center: source.access }] : []
  } catch (error) {
    if (isAppError(error)) return []
    throw error
  }
}

/** The token is what they share. */
function isSame(left: IdentityCenter, right: IdentityCenter): boolean {
  return tokenFileName(left) === tokenFileName(right)
}
