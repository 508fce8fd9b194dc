import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'

/** A limit that can be stopped while somebody else is to blame for the waiting. */
export interface Deadline {
  /** Counts from now, with the whole limit ahead. */
  restart(): void
  /** Does not count until the next `restart`. */
  pause(): void
}

interface AttemptOptions {
  readonly clock: Clock
  readonly limitMs: number
  readonly signal: AbortSignal
  /** Told once, when the limit is reached; the work's own signal is aborted by then. */
  readonly onOverrun: () => void
}

/**
 * Runs `work` under a deadline and settles at the latest when that is overrun (`stalled`) or `signal` aborts (`cancelled`),
 * even if the work itself never does. `onLate` gets an answer that came too late for anybody, to give back what it holds.
 */
export function attempt<T>(
  options: AttemptOptions,
  work: (signal: AbortSignal, deadline: Deadline) => Promise<T>,
  onLate?: (answer: T) => void,
): Promise<T> {
  const { clock, limitMs, signal } = options
  const controller = new AbortController()
  return new Promise<T>((resolve, reject) => {
    let timer: Disposable | undefined
    let settled = false
    const pause = (): void => {
      timer?.[Symbol.dispose]()
      timer = undefined
    }
    const settle = (): boolean => {
      if (settled) return false
      settled = true
      pause()
      signal.removeEventListener('abort', onAbort)
      return true
    }
    const giveUp = (error: AppError): void => {
      if (!settle()) return
      reject(error)
      controller.abort(error)
    }
    const onAbort = (): void => {
      giveUp(new AppError('cancelled', {}, { cause: signal.reason }))
    }
    const onOverrun = (): void => {
      options.onOverrun()
      giveUp(new AppError('stalled', { limitMs }))
    }
    const restart = (): void => {
      pause()
      if (!settled) timer = clock.setTimeout(onOverrun, limitMs)
    }
    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort, { once: true })
    restart()
    const outcome = work(controller.signal, { restart, pause })
    outcome.then((answer) => {
      if (settle()) resolve(answer)
      else onLate?.(answer)
    }, settle)
    outcome.catch(reject)
  })
}
