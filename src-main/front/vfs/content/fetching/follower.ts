import type { Clock, Timer } from '../../../../lib/clock.ts'
import type { Attributes, ByteRange } from '../../backend.ts'
import { blockAt, blockBytes, countBlocks, type BlockSpan } from '../blocks.ts'
import type { CachedFile } from '../cached-file.ts'
import { isSameVersion } from '../version.ts'
import type { Fetches } from './fetches.ts'
import { Holder } from './holder.ts'
import { limitFor } from './run-ahead.ts'
import { Sequence } from './sequence.ts'

/** A piece that nobody comes back for keeps the backend's file open no longer than that. */
const idleMs = 10_000
/** How long the backend's version counts as seen for requests in order; listings count as long. */
const seenForMs = 5_000

/**
 * What is known of the ranged requests for one path, and what is fetched for those to come. Requests in order are served from
 * few, growing reads of the backend, each taken no faster than the requests come, and without a look at the version each time.
 */
export class Follower {
  readonly #fetches: Fetches
  readonly #clock: Clock
  readonly #mayStart: () => boolean
  readonly #sequence = new Sequence()
  readonly #holder = new Holder(0)
  #seen: { readonly attributes: Attributes; readonly atMs: number } | undefined
  #idle: Timer | undefined

  /** `mayStart` says whether there is room for another one that fetches ahead. */
  constructor(fetches: Fetches, clock: Clock, mayStart: () => boolean) {
    this.#fetches = fetches
    this.#clock = clock
    this.#mayStart = mayStart
  }

  get isFetching(): boolean {
    return this.#holder.holdsFetches
  }

  /** A request has come. */
  note(range: ByteRange): void {
    this.#sequence.note(range)
  }

  /** The backend has shown `attributes`, no earlier than at `atMs`. */
  saw(attributes: Attributes, atMs: number): void {
    this.#seen = { attributes, atMs }
  }

  /** Whether the backend need not be asked for the version of `file` for this request. */
  trusts(file: CachedFile): boolean {
    return (
      this.#sequence.isInOrder &&
      this.#seen !== undefined &&
      this.#clock.monotonicMs() - this.#seen.atMs < seenForMs &&
      isSameVersion(this.#seen.attributes, file.attributes)
    )
  }

  /** `gap`, which has to be fetched, with as much of what follows as one read of the backend is to bring. */
  stretch(file: CachedFile, gap: BlockSpan): BlockSpan {
    if (!this.#sequence.isInOrder || !this.#mayFetch()) return gap
    const piece = this.#sequence.pieceAt(gap.first * blockBytes)
    const end = Math.min(gap.first + piece, countBlocks(file.attributes.size))
    const [more] = file.coverage({ first: gap.end, end }, 'near').gaps
    return more?.first === gap.end ? { first: gap.first, end: more.end } : gap
  }

  /** The last request noted is being served from its `position` on: has fetched what the next ones will ask for. */
  goOn(file: CachedFile, position: number): void {
    if (!this.#sequence.isInOrder) {
      this.#letGo()
      return
    }
    if (!this.#mayFetch()) return
    const hasRoom = !file.blocks.isWithoutRoom
    const limit = limitFor({ start: this.#sequence.start, position, hasRoom })
    const ahead = { first: blockAt(position), end: Math.min(limit, countBlocks(file.attributes.size)) }
    this.#holder.limit = ahead.end
    const { gaps, fetches } = file.coverage(ahead, 'end')
    for (const fetch of fetches) this.#holder.hold(fetch)
    const [gap] = gaps
    if (gap !== undefined) this.#fetches.start(file.path, this.stretch(file, gap), file, this.#holder)
    this.#waitForNext()
  }

  /** Nobody goes on from here. */
  stop(): void {
    this.#sequence.breakOff()
    this.#letGo()
  }

  #mayFetch(): boolean {
    return this.isFetching || this.#mayStart()
  }

  #waitForNext(): void {
    this.#idle?.[Symbol.dispose]()
    if (this.isFetching) this.#idle = this.#clock.setTimeout(() => this.#letGo(), idleMs).unref()
    else this.#letGo()
  }

  #letGo(): void {
    this.#idle?.[Symbol.dispose]()
    this.#idle = undefined
    this.#holder.letGo()
  }
}
