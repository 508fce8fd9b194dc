import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../shared/errors.ts'

const limitMs = 30_000

/** A question to AWS that somebody waits for. The signal is aborted with `aws-timeout` after half a minute. */
export async function askWithin<T>(
  clock: Pick<Clock, 'setTimeout'>,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  using _timer = clock.setTimeout(() => limit.abort(new AppError('aws-timeout')), limitMs)
  return await ask(limit.signal)
}
