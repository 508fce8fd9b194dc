import type { ErrorCode } from '../shared/errors.ts'

/** What is known when a server has refused an identity, or its certificate was. */
export interface DenialFacts {
  readonly code: ErrorCode
  readonly nowMs: number
  /** When the tunnel's identity ends. */
  readonly identityExpiresAtMs: number | undefined
  /** The container's clock less this machine's; a machine that slept may leave it behind. */
  readonly skewMs: number | undefined
}

/** AWS takes signatures that are up to five minutes off. */
export const toleratedSkewMs = 5 * 60_000

/**
 * The error behind the error: the server gives one answer for all it does not like, and a certificate looks untrusted to a clock
 * that is before its beginning.
 */
export function explainDenial({ code, nowMs, identityExpiresAtMs, skewMs }: DenialFacts): ErrorCode {
  if (code !== 'access-denied' && code !== 'server-untrusted') return code
  if (skewMs !== undefined && Math.abs(skewMs) > toleratedSkewMs) return 'clock-skewed'
  const isExpired = identityExpiresAtMs !== undefined && nowMs >= identityExpiresAtMs
  return code === 'access-denied' && isExpired ? 'identity-expired' : code
}
