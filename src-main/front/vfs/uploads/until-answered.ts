import { toAppError } from '../../../shared/errors.ts'
import type { Call } from '../backend.ts'
import type { QueueParts } from './queue-parts.ts'
import { pauseMs } from './transient.ts'

/** Asks the backend until it answers, for as long as it takes, and at once when the queue is woken; only the end of the queue's lifetime ends it early. */
export async function untilAnswered<T>(parts: QueueParts, ask: (call: Call) => Promise<T>): Promise<T> {
  const { random, lifetime } = parts
  for (let failures = 1; ; failures++) {
    try {
      return await ask({ signal: lifetime })
    } catch (error) {
      if (lifetime.aborted) throw error
      await pause(parts, pauseMs(toAppError(error), failures, random))
    }
  }
}

/** @throws the lifetime's reason when that ends. */
async function pause({ clock, wakes, lifetime }: QueueParts, delayMs: number): Promise<void> {
  const woken = new AbortController()
  using _waking = wakes.on(() => {
    woken.abort()
  })
  await clock.sleep(delayMs, AbortSignal.any([lifetime, woken.signal])).catch(() => undefined)
  lifetime.throwIfAborted()
}
