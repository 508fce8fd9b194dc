import type { Clock } from '../../../lib/clock.ts'
import { isAppError } from '../../../shared/errors.ts'
import type { HealthEvent } from './health-state.ts'

const shortestPauseMs = 500
const longestPauseMs = 10_000
/** The question is the cheapest there is; whoever leaves it unanswered so long answers nothing. */
const silenceMs = 3_000
/** A connection may have died with the network it ran over: what hangs for so long is asked anew. */
const limitMs = 10_000

export interface ProbeOptions {
  readonly clock: Clock
  readonly ping: (signal: AbortSignal) => Promise<unknown>
  /** Hears what one question showed; nothing after `signal` has aborted. */
  readonly hear: (event: HealthEvent) => void
  readonly signal: AbortSignal
  /** What was asked when the doubt arose. */
  readonly operation: string
}

/** Asks the backend once. Resolves when the question is over, which with a backend that hangs may be long after it was called off. */
export async function probeOnce({ clock, ping, hear, signal, operation }: ProbeOptions): Promise<void> {
  const say = (event: HealthEvent): void => {
    if (!signal.aborted) hear(event)
  }
  const startedMs = clock.monotonicMs()
  const limit = new AbortController()
  using _silence = clock.setTimeout(() => say({ type: 'silent', operation }), silenceMs)
  using _limit = clock.setTimeout(() => limit.abort(), limitMs)
  try {
    await ping(AbortSignal.any([signal, limit.signal]))
    say({ type: 'answered', tookMs: clock.monotonicMs() - startedMs })
  } catch (error) {
    say(meaningOf(error, clock.monotonicMs() - startedMs, operation))
  }
}

/**
 * Asks at rising intervals until `signal` aborts, at first after `firstPauseMs`. One question at a time: a silent backend is not given
 * more and more to be silent about.
 */
export async function probeRepeatedly(options: ProbeOptions, firstPauseMs = shortestPauseMs): Promise<void> {
  const { clock, signal } = options
  for (let pauseMs = firstPauseMs; ;) {
    await clock.sleep(pauseMs, signal).catch(() => undefined)
    if (signal.aborted) return
    await probeOnce(options)
    pauseMs = Math.min(Math.max(pauseMs * 2, shortestPauseMs), longestPauseMs)
  }
}

function meaningOf(error: unknown, tookMs: number, operation: string): HealthEvent {
  if (isAppError(error, 'backend-failed')) return { type: 'failed', by: 'probe', operation }
  if (isAppError(error, 'stalled', 'cancelled')) return { type: 'silent', operation }
  return { type: 'answered', tookMs }
}
