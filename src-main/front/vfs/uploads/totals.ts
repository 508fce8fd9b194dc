import type { Clock } from '../../../lib/clock.ts'

const windowSec = 10

/** What the queue has done since it was opened. */
export class Totals {
  delivered = 0
  conflicts = 0
  readonly #clock: Clock
  /** Bytes by second, newest last; only seconds in which some were sent. */
  #sent: { readonly sec: number; bytes: number }[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  sent(bytes: number): void {
    const sec = Math.floor(this.#clock.monotonicMs() / 1_000)
    const last = this.#sent.at(-1)
    if (last?.sec === sec) {
      last.bytes += bytes
      return
    }
    this.#sent = this.#sent.filter((entry) => entry.sec > sec - windowSec)
    this.#sent.push({ sec, bytes })
  }

  /** Handed to the backend, over the last ten seconds. */
  bytesPerSec(): number {
    const oldestSec = Math.floor(this.#clock.monotonicMs() / 1_000) - windowSec
    const bytes = this.#sent.reduce((sum, entry) => (entry.sec > oldestSec ? sum + entry.bytes : sum), 0)
    return bytes / windowSec
  }
}
