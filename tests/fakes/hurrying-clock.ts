import type { Clock, Timer } from '../../src-main/lib/clock.ts'

/** A clock on which nobody waits: sleeping moves it on at once. Time limits never run out by themselves. */
export class HurryingClock implements Clock {
  #elapsedMs = 0
  readonly #startMs: number

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs
  }

  now(): number {
    return this.#startMs + this.#elapsedMs
  }

  monotonicMs(): number {
    return this.#elapsedMs
  }

  setTimeout(): Timer {
    const timer: Timer = { unref: () => timer, [Symbol.dispose]: () => undefined }
    return timer
  }

  /** Others get a turn, so that a loop of sleeps can be ended. */
  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    this.#elapsedMs += delayMs
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
  }
}
