import type { Clock } from './clock.ts'

export interface WaitOptions {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly intervalMs?: number
  readonly signal?: AbortSignal
  /** Asked before every look: throws when the condition can no longer come true. */
  readonly failFast?: () => void
}

/** The condition did not come true in time. */
export class WaitTimeoutError extends Error {
  constructor(timeoutMs: number) {
    super(`condition not met within ${timeoutMs} ms`)
    this.name = 'WaitTimeoutError'
  }
}

/**
 * Looks at `condition` until it is true; at once, then every `intervalMs` (100), and a last time when the limit is reached.
 * @throws WaitTimeoutError, the signal's reason, or what `condition` or `failFast` throws.
 */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  { clock, timeoutMs, intervalMs = 100, signal, failFast }: WaitOptions,
): Promise<void> {
  const deadlineMs = clock.monotonicMs() + timeoutMs
  for (;;) {
    signal?.throwIfAborted()
    failFast?.()
    if (await condition()) return
    const leftMs = deadlineMs - clock.monotonicMs()
    if (leftMs <= 0) throw new WaitTimeoutError(timeoutMs)
    await clock.sleep(Math.min(intervalMs, leftMs), signal)
  }
}
