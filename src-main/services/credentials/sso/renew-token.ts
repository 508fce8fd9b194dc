import type { Clock } from '../../../lib/clock.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { SsoToken } from './cached-records.ts'
import type { IdentityCenter } from './identity-center.ts'
import type { Oidc } from './oidc.ts'
import { OidcRefused } from './oidc-refused.ts'
import type { SsoCache } from './sso-cache.ts'

/** The AWS CLI's; the SDKs begin to renew by themselves at 5 minutes, and do it less carefully. */
const renewBeforeMs = 15 * 60_000

export interface RenewParts {
  readonly cache: SsoCache
  readonly clock: Clock
  /** Made when it is needed; disposed by this. */
  readonly openOidc: (center: IdentityCenter) => Promise<Oidc>
}

/** True when `token` can be made to last without anybody. */
export function isRenewable({ refreshToken, client }: SsoToken, nowMs: number): boolean {
  return refreshToken !== undefined && client !== undefined && nowMs < client.expiresAtMs
}

/**
 * The token of the sign-in at `center`, renewed when its end is near. All processes of this machine renew it once between them; a refresh
 * token is good for one use, so whoever comes second takes what the first has written.
 * @throws AppError `sign-in-needed`, `sign-in-expired`, or what a network does; the latter only when the old token has ended.
 */
export async function currentToken(
  center: IdentityCenter,
  { cache, clock, openOidc }: RenewParts,
  signal: AbortSignal,
): Promise<SsoToken> {
  const isLasting = (token: SsoToken): boolean => clock.now() < token.expiresAtMs - renewBeforeMs
  const found = await cache.readToken(center)
  if (found === undefined) throw new AppError('sign-in-needed')
  if (isLasting(found)) return found

  using _lock = await cache.lock(center, signal)
  const token = await cache.readToken(center)
  if (token === undefined) throw new AppError('sign-in-needed')
  if (isLasting(token)) return token
  try {
    return await renew(token)
  } catch (error) {
    signal.throwIfAborted()
    if (!isAppError(error)) throw error
    // The AWS CLI knows no lock: it may have used the refresh token meanwhile.
    const newer = await cache.readToken(center)
    if (newer !== undefined && newer.accessToken !== token.accessToken && clock.now() < newer.expiresAtMs) {
      return newer
    }
    if (clock.now() < token.expiresAtMs) return token
    throw error
  }

  async function renew(old: SsoToken): Promise<SsoToken> {
    const { refreshToken, client } = old
    if (refreshToken === undefined || client === undefined || !isRenewable(old, clock.now())) {
      throw new AppError('sign-in-expired')
    }
    using oidc = await openOidc(center)
    try {
      const issued = await oidc.createToken(client, { kind: 'refresh', refreshToken }, signal)
      // A refresh token stays good where the answer has no new one (RFC 6749, 6).
      const renewed = { ...old, refreshToken, ...issued }
      await cache.writeToken(center, renewed)
      return renewed
    } catch (error) {
      if (!(error instanceof OidcRefused)) throw error
      if (error.kind !== 'client-rejected') throw error.appError
      // The browser would be shown an error page for it, and never come back.
      await cache.removeRegistration(center)
      throw new AppError('sign-in-expired', {}, { cause: error })
    }
  }
}
