import type { Clock } from '../../lib/clock.ts'
import { createEmitter, type Event } from '../../lib/event.ts'
import type { Snapshot } from '../../shared/app/snapshot.ts'

/** A snapshot without what changes by itself. */
export type SnapshotContent = Omit<Snapshot, 'revision' | 'nowMs'>

/** As often as a person can see. */
const minIntervalMs = 100

/**
 * Publishes what `assemble` makes, after something was said to have changed and only where it has. Many changes at once are one
 * snapshot; the first of a quiet time comes at once.
 */
export class Publisher implements Disposable {
  readonly #assemble: () => SnapshotContent
  readonly #clock: Clock
  readonly #published = createEmitter<Snapshot>()
  #current: Snapshot | undefined
  #text = ''
  #lastMs = -Infinity
  #timer: Disposable | undefined
  #isEnded = false

  constructor(assemble: () => SnapshotContent, clock: Clock) {
    this.#assemble = assemble
    this.#clock = clock
  }

  get published(): Event<Snapshot> {
    return this.#published
  }

  /** As things are at this moment. */
  current(): Snapshot {
    return this.#refresh().snapshot
  }

  /** Something may have changed. */
  invalidate(): void {
    if (this.#timer !== undefined || this.#isEnded) return
    const waitMs = Math.max(0, this.#lastMs + minIntervalMs - this.#clock.monotonicMs())
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined
      this.#lastMs = this.#clock.monotonicMs()
      this.#refresh()
    }, waitMs)
  }

  [Symbol.dispose](): void {
    this.#isEnded = true
    this.#timer?.[Symbol.dispose]()
  }

  #refresh(): { readonly snapshot: Snapshot } {
    const content = this.#assemble()
    const text = JSON.stringify(content)
    if (this.#current !== undefined && text === this.#text) {
      return { snapshot: { ...this.#current, nowMs: this.#clock.now() } }
    }
    this.#text = text
    const revision = (this.#current?.revision ?? 0) + 1
    this.#current = { ...content, revision, nowMs: this.#clock.now() }
    this.#published.fire(this.#current)
    return { snapshot: this.#current }
  }
}
