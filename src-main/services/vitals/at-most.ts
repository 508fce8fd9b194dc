import type { Clock, Timer } from '../../lib/clock.ts'

/** Calls `run` when it is poked: at once, but never again within `pauseMs`; what comes in between is one call at its end. */
export class AtMost implements Disposable {
  readonly #run: () => void
  readonly #pauseMs: number
  readonly #clock: Clock
  #readyAtMs = -Infinity
  #isDisposed = false
  #timer: Timer | undefined

  constructor(run: () => void, pauseMs: number, clock: Clock) {
    this.#run = run
    this.#pauseMs = pauseMs
    this.#clock = clock
  }

  poke(): void {
    if (this.#timer !== undefined || this.#isDisposed) return
    const waitMs = this.#readyAtMs - this.#clock.monotonicMs()
    if (waitMs <= 0) this.#go()
    else this.#timer = this.#clock.setTimeout(() => this.#go(), waitMs).unref()
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#timer?.[Symbol.dispose]()
  }

  #go(): void {
    this.#timer = undefined
    this.#readyAtMs = this.#clock.monotonicMs() + this.#pauseMs
    this.#run()
  }
}
