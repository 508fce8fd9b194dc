/** What renewing a tunnel identity depends on; all in milliseconds since 1970. */
export interface IdentityTimes {
  readonly issuedAtMs: number
  readonly notBeforeMs: number
  /** The earlier end of certificate and credentials. */
  readonly expiresAtMs: number
}

/** `keep` until a moment; `renew` while the old one still opens connections; `expired`: renew, and nothing connects until then. */
export type IdentityDecision =
  | { readonly kind: 'keep'; readonly untilMs: number }
  | { readonly kind: 'renew' }
  | { readonly kind: 'expired' }

const earliestShare = 0.5
const latestShare = 0.7
/** New identities from old credentials end when those end; without a pause the last minutes would be one long renewal. */
const shortestLifeMs = 60_000

/**
 * Whether an identity should be replaced, at 50 to 70 % of its useful life: early enough to try again for a while, rare enough not to matter.
 * Ask again at `untilMs`, and after every wake or change of the clock.
 * @param spread 0 to 1, drawn once per identity, so that drives mounted together do not renew together.
 */
export function decideRenewal(identity: IdentityTimes, nowMs: number, spread: number): IdentityDecision {
  if (nowMs >= identity.expiresAtMs) return { kind: 'expired' }
  // The clock was set back past its start: to everybody whose clock is right it is a certificate from the future.
  if (nowMs < identity.notBeforeMs) return { kind: 'renew' }
  const share = earliestShare + (latestShare - earliestShare) * spread
  const lifeMs = identity.expiresAtMs - identity.issuedAtMs
  const untilMs = identity.issuedAtMs + Math.max(shortestLifeMs, lifeMs * share)
  if (nowMs >= untilMs) return { kind: 'renew' }
  return { kind: 'keep', untilMs: Math.min(untilMs, identity.expiresAtMs) }
}
