import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { AppError } from '../../shared/errors.ts'
import type { OwnedFront } from './ports.ts'
import { healthyAfterMs, restartDelayMs } from './restart-delay.ts'

export interface SuperviseOptions {
  /** A new front in place of the one that ended, on the same port and path. */
  readonly start: () => Promise<OwnedFront>
  /** Asked whenever a front has ended: off when there is nothing left to serve. */
  readonly isNeeded: () => Promise<boolean>
  /**
   * Asked after each attempt that failed, and each front that did not last: `restarts` in a row so far. Off ends the supervision
   * with no front left.
   */
  readonly isWorthTrying: (restarts: number, error: unknown) => boolean
  readonly onDown: () => void
  readonly onUp: (front: OwnedFront) => void
  /** Ends the supervision; the front that runs then is the caller's to stop. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Starts a front anew each time it ends, with growing pauses, for as long as it is needed and worth trying. Resolves when it is
 * not, or when `signal` is aborted; never rejects.
 */
export async function superviseFront(first: OwnedFront, options: SuperviseOptions): Promise<void> {
  const { isNeeded, isWorthTrying, onDown, onUp, signal, clock, log } = options
  let front = first
  let attempt = 0
  for (;;) {
    const startedMs = clock.monotonicMs()
    const exit = await front.closed
    if (signal.aborted || !(await isNeeded())) return
    log.warn('drive', 'front ended', { exit })
    onDown()
    if (clock.monotonicMs() - startedMs >= healthyAfterMs) attempt = 0
    if (attempt > 0 && !isWorthTrying(attempt, new AppError('front-died'))) return
    const restarted = await restart(attempt, options)
    if (restarted === undefined) return
    front = restarted.front
    attempt = restarted.nextAttempt
    onUp(front)
  }
}

/** Tries until a front answers; nothing when `signal` came first, or it is not worth trying any more. */
async function restart(
  firstAttempt: number,
  { start, isWorthTrying, clock, log, signal }: SuperviseOptions,
): Promise<{ readonly front: OwnedFront; readonly nextAttempt: number } | undefined> {
  for (let attempt = firstAttempt; ; attempt += 1) {
    try {
      await clock.sleep(restartDelayMs(attempt, Math.random), signal)
      return { front: await start(), nextAttempt: attempt + 1 }
    } catch (error) {
      if (signal.aborted) return undefined
      log.warn('drive', 'front not restarted', { attempt, error })
      if (!isWorthTrying(attempt + 1, error)) return undefined
    }
  }
}
