import type { Interval } from './interval.ts'

/** Collects what happens in this process, open or ended, since it was last cleared. */
export class IntervalLog<T extends object> {
  #entries: (T & { startMs: number; endMs?: number })[] = []

  /** Notes a beginning; call what is returned at its end. */
  start(what: T): () => void {
    const entry: T & { startMs: number; endMs?: number } = { ...what, startMs: performance.now() }
    this.#entries.push(entry)
    return () => (entry.endMs = performance.now())
  }

  entries(): readonly (T & Interval)[] {
    return [...this.#entries]
  }

  /** Forgets what has ended. */
  clear(): void {
    this.#entries = this.#entries.filter(({ endMs }) => endMs === undefined)
  }
}
