import { AppError } from '../../shared/errors.ts'

/** @throws AppError `cancelled` when `signal` is aborted. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled(signal)
}

export function cancelled(signal: AbortSignal): AppError {
  return new AppError('cancelled', {}, { cause: signal.reason })
}

/**
 * What `promise` gives, or `cancelled` the moment `signal` is aborted, however long `promise` still takes. What it
 * stands for cannot be called back, so this is for work whose late end does no harm.
 */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancelled(signal))
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
    if (signal.aborted) onAbort()
  })
}
