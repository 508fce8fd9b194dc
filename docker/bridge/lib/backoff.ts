export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
}

/** How long to wait before retry number `attempt` (0 is the first): doubling up to `maxMs`. */
export function backoffDelayMs(attempt: number, { firstMs, maxMs }: Backoff): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30))
}
