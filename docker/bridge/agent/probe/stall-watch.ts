import { backoffDelayMs, type Backoff } from '../../lib/backoff.ts'
import type { Clock, Timer } from '../../lib/clock.ts'

/** A tunnel needs up to a minute to connect: the pauses soon grow beyond that, so that nudges do not keep it from doing so. */
const patience: Backoff = { firstMs: 20_000, maxMs: 300_000 }

/** Calls `onLongStall` when a stall lasts, and again after ever longer pauses. */
export class StallWatch implements Disposable {
  readonly #clock: Clock
  readonly #onLongStall: () => void
  #timer: Timer | undefined

  constructor(clock: Clock, onLongStall: () => void) {
    this.#clock = clock
    this.#onLongStall = onLongStall
  }

  /** May be told as often as one likes. */
  tell(isStalled: boolean): void {
    if (!isStalled) this[Symbol.dispose]()
    else if (this.#timer === undefined) this.#wait(0)
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
  }

  #wait(attempt: number): void {
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#wait(attempt + 1)
        this.#onLongStall()
      },
      backoffDelayMs(attempt, patience),
    )
  }
}
