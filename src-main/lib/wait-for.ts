export interface WaitOptions {
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
