import { toAppError } from '../../../shared/errors.ts'
import type { Call } from '../backend.ts'
import type { QueueParts } from './queue-parts.ts'
import { pauseMs } from './transient.ts'

/** Asks the backend until it answers, for as long as it takes; only the end of the queue's lifetime ends it early. */
export async function untilAnswered<T>(parts: QueueParts, ask: (call: Call) => Promise<T>): Promise<T> {
  const { clock, random, lifetime } = parts
  for (let failures = 1; ; failures++) {
    try {
      return await ask({ signal: lifetime })
    } catch (error) {
      if (lifetime.aborted) throw error
      await clock.sleep(pauseMs(toAppError(error), failures, random), lifetime)
    }
  }
}
