import type { Clock, Timer } from '../../src-main/lib/clock.ts'

interface PendingTimer {
  readonly atMs: number
  readonly callback: () => void
}

/** A clock that stands still until it is told to move. */
export class FakeClock implements Clock {
  readonly #startMs: number
  readonly #pending = new Set<PendingTimer>()
  #elapsedMs = 0
  #sleptMs = 0

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs
  }

  now(): number {
    return this.#startMs + this.#elapsedMs + this.#sleptMs
  }

  monotonicMs(): number {
    return this.#elapsedMs
  }

  /** How many timers and sleeps wait. */
  get pendingCount(): number {
    return this.#pending.size
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    const entry = { atMs: this.#elapsedMs + Math.max(0, delayMs), callback }
    this.#pending.add(entry)
    const timer: Timer = { unref: () => timer, [Symbol.dispose]: () => void this.#pending.delete(entry) }
    return timer
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const timer = this.setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, delayMs)
      const onAbort = (): void => {
        timer[Symbol.dispose]()
        // The reason is the aborter's own and passed on as it is, like the system clock does.
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /**
   * Moves time on, running what falls due in its order, each at its own moment. Promises that a callback settles get
   * their turn before the next one runs, so a loop of sleeps goes round as often as it would in real time.
   */
  async advance(byMs: number): Promise<void> {
    const targetMs = this.#elapsedMs + byMs
    await settle()
    for (let next = this.#nextDue(targetMs); next !== undefined; next = this.#nextDue(targetMs)) {
      this.#pending.delete(next)
      this.#elapsedMs = Math.max(this.#elapsedMs, next.atMs)
      next.callback()
      await settle()
    }
    this.#elapsedMs = targetMs
  }

  /** The machine sleeps: the wall clock goes on, and all timers wait. */
  sleepOver(byMs: number): void {
    this.#sleptMs += byMs
  }

  /** The process is stopped for a while: both clocks go on, and what falls due meanwhile runs late, all at once. */
  async standStill(byMs: number): Promise<void> {
    this.#elapsedMs += byMs
    await this.advance(0)
  }

  #nextDue(targetMs: number): PendingTimer | undefined {
    let next: PendingTimer | undefined
    for (const timer of this.#pending) {
      if (timer.atMs <= targetMs && (next === undefined || timer.atMs < next.atMs)) next = timer
    }
    return next
  }
}

/** A turn of the event loop, in which all promise reactions that are due run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
