import { backoffDelayMs, type Backoff } from './backoff.ts'
import { decideRenewal } from './identity-renewal.ts'
import type { FailureKind } from './session-failure.ts'

/** When credentials were made and when they end; absent for keys that do not. Milliseconds since 1970. */
export interface SessionTimes {
  readonly issuedAtMs: number
  readonly expiresAtMs?: number | undefined
}

/** The failures in a row, up to the last one. */
export interface Failures {
  readonly count: number
  readonly lastAtMs: number
  readonly kind: FailureKind
}

export type Attempt = { readonly kind: 'now' } | { readonly kind: 'later'; readonly atMs: number }

/** Keys without an end may still be replaced in the file they came from. */
const rereadAfterMs = 15 * 60_000
/** AWS's own times are exact; only a clock that was set back by more than this makes a session look unmade. */
const clockToleranceMs = 15 * 60_000

const pauses: Readonly<Record<FailureKind, Backoff>> = {
  passing: { firstMs: 15_000, maxMs: 300_000 },
  // A look at what a person may have done meanwhile, in this program or another.
  'sign-in': { firstMs: 60_000, maxMs: 300_000 },
  person: { firstMs: 60_000, maxMs: 600_000 },
}

/**
 * When to fetch credentials (anew): at 50 to 70 % of their life, and after failures with growing pauses.
 * @param spread 0 to 1, drawn once per session, so that many do not renew together.
 */
export function nextAttempt(
  session: SessionTimes | undefined,
  failures: Failures | undefined,
  nowMs: number,
  spread: number,
): Attempt {
  const renewAtMs = session === undefined ? nowMs : renewalTime(session, nowMs, spread)
  const pauseEndsAtMs = failures === undefined ? nowMs : pauseEnd(failures, nowMs, spread)
  const atMs = Math.max(renewAtMs, pauseEndsAtMs)
  return atMs <= nowMs ? { kind: 'now' } : { kind: 'later', atMs }
}

/** True while credentials open anything; those without an end always do. */
export function isUsable({ expiresAtMs }: SessionTimes, nowMs: number): boolean {
  return expiresAtMs === undefined || nowMs < expiresAtMs
}

function renewalTime({ issuedAtMs, expiresAtMs }: SessionTimes, nowMs: number, spread: number): number {
  const notBeforeMs = issuedAtMs - clockToleranceMs
  if (expiresAtMs === undefined) return nowMs < notBeforeMs ? nowMs : issuedAtMs + rereadAfterMs
  const decision = decideRenewal({ issuedAtMs, notBeforeMs, expiresAtMs }, nowMs, spread)
  return decision.kind === 'keep' ? decision.untilMs : nowMs
}

function pauseEnd({ count, lastAtMs, kind }: Failures, nowMs: number, spread: number): number {
  // The clock was set back: nobody waits for a pause that would end in the old time.
  if (nowMs < lastAtMs) return nowMs
  return lastAtMs + backoffDelayMs(count - 1, pauses[kind], () => spread)
}
