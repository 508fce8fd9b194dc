import { backoffDelayMs } from '../../core/backoff.ts'

/**
 * How long to wait before the `attempt`th restart in a row (from 0). The first one comes at once, because macOS takes a
 * volume for dead while its server is away; the others back off, for as long as it takes.
 */
export function restartDelayMs(attempt: number, random: () => number): number {
  return attempt === 0 ? 0 : backoffDelayMs(attempt - 1, { firstMs: 200, maxMs: 10_000 }, random)
}

/** A front that ran this long was healthy: the next crash counts as the first. */
export const healthyAfterMs = 30_000
