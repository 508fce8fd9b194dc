import type { Clock } from '../../../lib/clock.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'

/** A backend that answers "failed" is there and unlikely to change its mind; one that is silent may come back any time. */
const failedTries = 3
const firstPauseMs = 250
const longestPauseMs = 4_000

/**
 * Asks until there is an answer: `stalled` is no answer, and `backend-failed` is one only the third time.
 * @throws what is an answer, `cancelled` when `signal` aborts in a pause, and the last failure when it aborts in a call.
 */
export async function askAgain<T>(clock: Clock, ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let pauseMs = firstPauseMs
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask()
    } catch (error) {
      const isWorthIt =
        isAppError(error, 'stalled') || (isAppError(error, 'backend-failed') && tries < failedTries)
      if (!isWorthIt || signal.aborted) throw error
    }
    await clock.sleep(pauseMs, signal).catch((cause: unknown) => {
      throw new AppError('cancelled', {}, { cause })
    })
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}
