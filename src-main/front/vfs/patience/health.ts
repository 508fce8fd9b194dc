import type { Clock } from '../../../lib/clock.ts'

export interface HealthReports {
  /** A backend call has overrun its deadline; `operation` is the first that did. Not repeated until recovered. */
  readonly onStalled?: ((operation: string) => void) | undefined
  /** A call has succeeded again, `afterMs` after the stall was noticed. */
  readonly onRecovered?: ((afterMs: number) => void) | undefined
}

/** Whether the backend answers, as its own calls show. */
export class Health {
  readonly #clock: Clock
  readonly #reports: HealthReports
  readonly #watchers = new Set<() => void>()
  #stalledSinceMs: number | undefined

  constructor(clock: Clock, reports: HealthReports) {
    this.#clock = clock
    this.#reports = reports
  }

  get isStalled(): boolean {
    return this.#stalledSinceMs !== undefined
  }

  noteStall(operation: string): void {
    if (this.#stalledSinceMs !== undefined) return
    this.#stalledSinceMs = this.#clock.monotonicMs()
    for (const watcher of this.#watchers) watcher()
    this.#reports.onStalled?.(operation)
  }

  noteAnswer(): void {
    if (this.#stalledSinceMs === undefined) return
    const afterMs = this.#clock.monotonicMs() - this.#stalledSinceMs
    this.#stalledSinceMs = undefined
    this.#reports.onRecovered?.(afterMs)
  }

  /** Calls `watcher` when the next stall is noticed, until disposed. */
  watchStall(watcher: () => void): Disposable {
    this.#watchers.add(watcher)
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) }
  }
}
