import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Health } from '../patience/health.ts'

export interface StallWatch {
  readonly health: Health
  /** Ends the questions that outlive whoever asked them. */
  readonly lifetime: AbortSignal
}

/**
 * The answer to `ask`; but while the backend is stalled, or from the moment it stalls, `stale` where there is one. The
 * question then stays open behind it, so that the cache catches up and the end of the stall is noticed.
 */
export function orElseStale<T>(
  stale: T | undefined,
  { health, lifetime }: StallWatch,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (stale === undefined) return translated(ask(signal), signal)
  const answer = ask(lifetime)
  if (health.isStalled) {
    answer.catch(() => undefined)
    return Promise.resolve(stale)
  }
  return new Promise<T>((resolve, reject) => {
    const watch = health.stalls.on(() => {
      resolve(stale)
    })
    const leave = (): void => {
      reject(new AppError('cancelled', {}, { cause: signal.reason }))
    }
    signal.addEventListener('abort', leave, { once: true })
    answer
      .catch((error: unknown) => {
        if (isAppError(error, 'stalled')) return stale
        throw error
      })
      .finally(() => {
        watch[Symbol.dispose]()
        signal.removeEventListener('abort', leave)
      })
      .then(resolve, reject)
  })
}

/** A signal's reason can be anything; ours is a code. */
async function translated<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (signal.aborted && !isAppError(error)) throw new AppError('cancelled', {}, { cause: error })
    throw error
  }
}
