import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitOptions {
  /** Said when the limit is reached: `timed out waiting for <what>`. */
  readonly what: string
  readonly limitMs?: number
  readonly everyMs?: number
}

/** Long enough for a machine at six times its load: only what never comes runs into it. */
const usualLimitMs = 30_000

/** Asks `condition` until it gives something other than `undefined`, `null` or `false`, and returns that. */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, limitMs = usualLimitMs, everyMs = 20 }: WaitOptions,
): Promise<NonNullable<Exclude<T, false>>> {
  // Not by `Date`, which some tests stop.
  const deadlineMs = performance.now() + limitMs
  for (;;) {
    const answer = await condition()
    if (answer !== undefined && answer !== null && answer !== false) {
      return answer as NonNullable<Exclude<T, false>>
    }
    if (performance.now() > deadlineMs) throw new Error(`timed out waiting for ${what}`)
    await sleep(everyMs)
  }
}

/** `promise`, or a rejection that says `what` was waited for once `limitMs` have passed. */
export async function within<T>(promise: Promise<T>, what: string, limitMs = usualLimitMs): Promise<T> {
  const giveUp = new AbortController()
  const limit = sleep(limitMs, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`timed out waiting for ${what}`)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    giveUp.abort()
    limit.catch(() => undefined)
  }
}
