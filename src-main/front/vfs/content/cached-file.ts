import type { Attributes } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import { blockLength, type BlockSpan } from './blocks.ts'
import type { Fetch } from './fetching/fetch.ts'
import { FillingBlock } from './fetching/filling-block.ts'
import type { Holder } from './fetching/holder.ts'
import type { CacheStore, StoredFile } from './store/cache-store.ts'
import { FileBlocks } from './store/file-blocks.ts'

/** So many finished blocks go into the index together. */
const blocksPerUpdate = 64

/** What of a span is not there, and the fetches that are bringing the rest. */
export interface Coverage {
  readonly gaps: readonly BlockSpan[]
  readonly fetches: ReadonlySet<Fetch>
}

/**
 * One version of one file while somebody uses it: the blocks that are there, the fetches that bring others, and who waits for them. All it ever hands out is of that version.
 */
export class CachedFile {
  readonly id: number
  readonly blocks: FileBlocks
  readonly #onIdle: (file: CachedFile) => void
  readonly #fetches = new Set<Fetch>()
  readonly #users = new Set<Holder>()
  #change: PromiseWithResolvers<undefined> | undefined
  path: VfsPath
  /** As they were seen last; those that make the version never change. */
  attributes: Attributes

  constructor(stored: StoredFile, store: CacheStore, onIdle: (file: CachedFile) => void) {
    this.id = stored.id
    this.path = stored.path
    this.attributes = stored.attributes
    this.#onIdle = onIdle
    this.blocks = new FileBlocks(stored, store, () => {
      this.wake()
      this.#settle()
    })
  }

  /** The fetch that will be the first at `block`, however far it still has to go. */
  bringerOf(block: number): Fetch | undefined {
    let nearest: Fetch | undefined
    for (const fetch of this.#fetches) {
      if (fetch.covers(block) && (nearest === undefined || fetch.next > nearest.next)) nearest = fetch
    }
    return nearest
  }

  /**
   * What it takes to have all of `span`. `reach` says how far a fetch counts: to its end, as for somebody who reads along with
   * it, or only as far as it is near.
   */
  coverage(span: BlockSpan, reach: 'end' | 'near'): Coverage {
    const gaps: { first: number; end: number }[] = []
    const fetches = new Set<Fetch>()
    let following: Fetch | undefined
    for (let block = span.first; block < span.end; block += 1) {
      if (this.blocks.has(block)) continue
      const bringer = this.bringerOf(block)
      if (bringer?.isNear(block) === true || (reach === 'end' && bringer && bringer === following)) {
        following = bringer
        fetches.add(bringer)
        continue
      }
      const last = gaps.at(-1)
      if (last?.end === block) last.end += 1
      else gaps.push({ first: block, end: block + 1 })
    }
    return { gaps, fetches }
  }

  join(user: Holder): void {
    this.#users.add(user)
  }

  leave(user: Holder): void {
    this.#users.delete(user)
    this.wake()
    this.#settle()
  }

  addFetch(fetch: Fetch): void {
    this.#fetches.add(fetch)
  }

  removeFetch(fetch: Fetch): void {
    this.#fetches.delete(fetch)
    this.wake()
    this.#settle()
  }

  /** Resolves at the next `wake`. */
  changed(): Promise<undefined> {
    return (this.#change ??= Promise.withResolvers<undefined>()).promise
  }

  /** Something that others wait for may be different now. */
  wake(): void {
    this.#change?.resolve(undefined)
    this.#change = undefined
  }

  /** A block for `fetch` to fill. Where another one is at work on it, what this one brings is not looked at. */
  begin(number: number, fetch: Fetch): FillingBlock {
    const block = new FillingBlock(number, blockLength(number, this.attributes.size))
    if (!this.blocks.has(number) && this.bringerOf(number) === fetch) this.blocks.place(block)
    return block
  }

  /** Another version has taken its place: it serves those who read it and is gone with them. */
  retire(): void {
    if (this.blocks.retire()) this.#settle()
  }

  /** Resolves when all that has arrived is written and in the index. */
  async flush(): Promise<void> {
    await this.blocks.written()
    this.blocks.record(this)
  }

  #settle(): void {
    const isQuiet = this.#fetches.size === 0 && !this.blocks.isBusy
    if (isQuiet || this.blocks.unrecordedCount >= blocksPerUpdate) this.blocks.record(this)
    if (!isQuiet || this.#users.size > 0) return
    this.blocks.close()
    this.#onIdle(this)
  }
}
