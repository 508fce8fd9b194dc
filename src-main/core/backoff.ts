export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
}

/**
 * How long to wait before attempt number `attempt` (0 is the first retry): doubling up to `maxMs`, less a random part of up to a half,
 * so that many that failed together do not come back together. `random` yields 0 to 1, as `Math.random`.
 */
export function backoffDelayMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number): number {
  const ceilingMs = Math.min(maxMs, firstMs * 2 ** attempt)
  return ceilingMs - (ceilingMs / 2) * random()
}
