import { backoffDelayMs } from '../../core/backoff.ts'

/**
 * How long to wait before the `attempt`th restart in a row (from 0). The first one comes at once, because macOS takes a
 * volume for dead while its server is away; the others back off. While a volume needs its server there is no last one.
 */
export function restartDelayMs(attempt: number, random: () => number): number {
  return attempt === 0 ? 0 : backoffDelayMs(attempt - 1, { firstMs: 200, maxMs: 10_000 }, random)
}

/** A front that ran this long was healthy: the next crash counts as the first. */
export const healthyAfterMs = 30_000

/**
 * How many restarts in a row are tried for deliveries alone, which takes about four minutes. What keeps a front from running for so
 * long (its folder is gone, it dies of what it finds) will hardly change by itself, and what was saved is kept.
 */
export const maxRestartsToDeliver = 30
