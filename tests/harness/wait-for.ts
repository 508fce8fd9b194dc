import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitOptions {
  /** Said when the limit is reached: `timed out waiting for <what>`. */
  readonly what: string
  readonly limitMs?: number
  readonly everyMs?: number
}

/** Asks `condition` until it gives something other than `undefined`, `null` or `false`, and returns that. */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, limitMs = 10_000, everyMs = 20 }: WaitOptions,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const answer = await condition()
    if (answer !== undefined && answer !== null && answer !== false) {
      return answer as NonNullable<Exclude<T, false>>
    }
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}`)
    await sleep(everyMs)
  }
}

/** `promise`, or a rejection that says `what` was waited for once `limitMs` have passed. */
export async function within<T>(promise: Promise<T>, what: string, limitMs = 10_000): Promise<T> {
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
