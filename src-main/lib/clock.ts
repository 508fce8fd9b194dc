import { setTimeout as sleepFor } from 'node:timers/promises'

/** A callback that is still to come; disposing it calls it off, and is harmless once it has run. */
export interface Timer extends Disposable {
  /** Lets the process end while this timer is pending. */
  unref(): this
}

/** Time as a dependency: whatever waits, expires or measures takes one, so that tests can move it by hand. */
export interface Clock {
  /** Milliseconds since 1970. May jump when the system's clock is set; for time stamps, not for durations. */
  now(): number
  /** Milliseconds from an arbitrary point, with a fraction. Never goes back; for durations and deadlines. */
  monotonicMs(): number
  /** Runs `callback` once, `delayMs` from now. The caller disposes the timer when it is no longer wanted. */
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
