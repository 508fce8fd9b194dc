import { isAppError } from '../../../shared/errors.ts'
import type { IdentityCenter } from './identity-center.ts'
import type { Portal } from './portal.ts'
import { currentToken, type RenewParts } from './renew-token.ts'

/** `not-told`: the token is gone from this machine, and AWS will end it by itself in time. */
export type SignOutResult =
  | { readonly kind: 'was-signed-out' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'not-told'; readonly cause: unknown }

export interface SignOutParts extends RenewParts {
  /** Made when it is needed; disposed by this. */
  readonly openPortal: (center: IdentityCenter) => Promise<Portal>
}

/** Ends the sign-in at AWS and removes it from this machine: the latter also when the former cannot be done. */
export async function signOut(
  center: IdentityCenter,
  parts: SignOutParts,
  signal: AbortSignal,
): Promise<SignOutResult> {
  const { cache } = parts
  if ((await cache.readToken(center)) === undefined) return { kind: 'was-signed-out' }
  const result = await tellAws(center, parts, signal)
  signal.throwIfAborted()
  using _lock = await cache.lock(center, signal)
  await cache.removeToken(center)
  return result
}

async function tellAws(
  center: IdentityCenter,
  parts: SignOutParts,
  signal: AbortSignal,
): Promise<SignOutResult> {
  try {
    // Only a token that is still good can end the sign-in that its refresh token would carry on.
    const { accessToken } = await currentToken(center, parts, signal)
    using portal = await parts.openPortal(center)
    await portal.logout(accessToken, signal)
    return { kind: 'signed-out' }
  } catch (cause) {
    return isAppError(cause, 'sign-in-expired', 'sign-in-needed')
      ? { kind: 'signed-out' }
      : { kind: 'not-told', cause }
  }
}
