import { setTimeout as sleepFor } from 'node:timers/promises'

/** A callback that is still to come; disposing it calls it off. */
export interface Timer extends Disposable {
  /** Lets the process end while this timer is pending. */
  unref(): this
}

/** Time as a dependency, as on the Mac's side (`src-main/lib/clock.ts`), of which nothing can be imported here. */
export interface Clock {
  /** Milliseconds since 1970; for time stamps. */
  now(): number
  /** Never goes back; for durations. */
  monotonicMs(): number
  setTimeout(callback: () => void, delayMs: number): Timer
  /** Resolves after `delayMs`; an aborted `signal` rejects it at once with the signal's own reason. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  sleep: async (delayMs, signal) => {
    signal?.throwIfAborted()
    try {
      await sleepFor(delayMs, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      // Node wraps the reason in an AbortError of its own; callers look for what they aborted with.
      signal?.throwIfAborted()
      throw error
    }
  },
}
