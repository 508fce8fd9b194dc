import type { Happening } from '../../core/happening.ts'
import { createEmitter } from '../../lib/event.ts'

/** As many as could ever matter; what is older may be told again. */
const remembered = 1_000

/** Tells each fact once, by its key. */
export class Teller {
  readonly happened = createEmitter<Happening>()
  readonly #told = new Set<string>()

  tell(happening: Happening): void {
    if (this.#told.has(happening.key)) return
    this.#told.add(happening.key)
    const oldest = this.#told.values().next()
    if (this.#told.size > remembered && oldest.done !== true) this.#told.delete(oldest.value)
    this.happened.fire(happening)
  }

  /** It may happen, and be told, again. */
  forget(key: string): void {
    this.#told.delete(key)
  }
}
