import type { CachedFile } from '../cached-file.ts'
import type { Fetch } from './fetch.ts'

/**
 * Somebody for whom a file is kept open and fetches go on: a reader, or the read-ahead for one that is expected.
 * A fetch that its last holder lets go of is stopped at once.
 */
export class Holder {
  readonly #fetches = new Set<Fetch>()
  #file: CachedFile | undefined
  /** From then on it keeps to the file it uses, whatever the backend turns out to have. */
  isReading = false
  /** The first block it has no use for yet; fetches go no further. */
  limit: number

  constructor(limit: number) {
    this.limit = limit
  }

  get holdsFetches(): boolean {
    return this.#fetches.size > 0
  }

  /** Of at most one file at a time. */
  use(file: CachedFile): void {
    if (this.#file === file) return
    file.join(this)
    this.#file?.leave(this)
    this.#file = file
  }

  /** A fetch of its has found `file` at the backend. */
  noteFound(file: CachedFile): void {
    if (!this.isReading) this.use(file)
  }

  hold(fetch: Fetch): void {
    if (fetch.hasEnded) return
    this.#fetches.add(fetch)
    fetch.addHolder(this)
  }

  letGoOf(fetch: Fetch): void {
    this.#fetches.delete(fetch)
    fetch.removeHolder(this)
  }

  letGo(): void {
    for (const fetch of this.#fetches) fetch.removeHolder(this)
    this.#fetches.clear()
    this.#file?.leave(this)
    this.#file = undefined
  }
}
