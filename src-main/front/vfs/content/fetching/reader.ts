import { AppError, toAppError } from '../../../../shared/errors.ts'
import { cancelled } from '../../../files/abort.ts'
import type { Chunks, OpenedFile } from '../../backend.ts'
import { blockAt, blockBytes, blocksOf, type BlockSpan, type ByteSpan } from '../blocks.ts'
import type { CachedFile } from '../cached-file.ts'
import type { Fetch } from './fetch.ts'
import type { Holder } from './holder.ts'
import { limitFor } from './run-ahead.ts'

/** A fetch that broke off is followed by another; after so many in a row that brought nothing, the reader gives up. */
const maxFruitlessFetches = 2
/** The most that is read into memory at once, of blocks on the disk. */
const readBufferBytes = 4 * blockBytes

export interface ReaderParts {
  readonly file: CachedFile
  readonly bytes: ByteSpan
  /** Uses `file` already, and holds what brings the blocks it lacks. The reader lets it go. */
  readonly holder: Holder
  readonly signal: AbortSignal
  /** Begins a fetch for `file` that `holder` holds. */
  readonly startFetch: (span: BlockSpan) => Fetch
  /** Called when it leaves before it has been given all. */
  readonly onAbandoned: () => void
}

/** Somebody's way through a file, from wherever its blocks are. Lets go of everything at its end, on abort and on `close`. */
export class Reader {
  readonly #parts: ReaderParts
  readonly #onAbort = (): void => this.#leave()
  #position: number
  /** Up to where it has been given; the last of it is still in its hands. */
  #given: number
  #buffer: Buffer | undefined
  #detour: Fetch | undefined
  #fruitless = 0
  #isReplaced = false
  #hasLeft = false

  constructor(parts: ReaderParts) {
    this.#parts = parts
    this.#position = parts.bytes.start
    this.#given = parts.bytes.start
    parts.holder.isReading = true
    parts.signal.addEventListener('abort', this.#onAbort, { once: true })
    if (parts.signal.aborted || parts.bytes.start === parts.bytes.end) this.#leave()
    else this.#advance(0)
  }

  opened(): OpenedFile {
    const { file, bytes } = this.#parts
    const close = (): Promise<void> => {
      this.#leave()
      return Promise.resolve()
    }
    return { attributes: file.attributes, length: bytes.end - bytes.start, body: this.#body(), close }
  }

  async *#body(): Chunks {
    const { file, bytes, signal } = this.#parts
    try {
      for (;;) {
        if (signal.aborted) throw cancelled(signal)
        if (this.#hasLeft || this.#position === bytes.end) return
        const left = { start: this.#position, end: bytes.end }
        const piece = file.blocks.inMemory(left) ?? (await file.blocks.onDisk(left, this.#bufferFor(left)))
        if (piece === undefined) await this.#untilThere(blockAt(this.#position))
        else {
          this.#fruitless = 0
          this.#given = this.#position + piece.length
          yield piece
          this.#advance(piece.length)
        }
      }
    } catch (error) {
      // What breaks off because the reader has gone is no failure.
      if (!this.#hasLeft || signal.aborted) throw error
    } finally {
      this.#leave()
    }
  }

  #advance(byBytes: number): void {
    const { file, bytes, holder } = this.#parts
    this.#position += byBytes
    const hasRoom = !file.blocks.isWithoutRoom
    const limit = limitFor({ start: bytes.start, position: this.#position, hasRoom })
    holder.limit = Math.min(blocksOf(bytes).end, limit)
    file.wake()
  }

  /** Waits for something new about `block`, and sees to it that there will be. */
  async #untilThere(block: number): Promise<void> {
    const { file, holder } = this.#parts
    // It may have come while it was looked for on the disk.
    if (file.blocks.has(block)) return
    const bringer = file.bringerOf(block)
    if (bringer === undefined || !bringer.isNear(block)) {
      await this.#fetchFrom(block, bringer)
      return
    }
    holder.hold(bringer)
    const nextByte = { start: this.#position, end: this.#position + 1 }
    while (!bringer.hasEnded && !file.blocks.has(block) && file.blocks.inMemory(nextByte) === undefined)
      await file.changed()
    if (bringer.error !== undefined && ++this.#fruitless > maxFruitlessFetches)
      throw toAppError(bringer.error)
  }

  /** Nobody is about to bring `block`: it was damaged or lost, or who was to bring it broke off or is far behind. */
  async #fetchFrom(block: number, farBehind: Fetch | undefined): Promise<void> {
    const { file, bytes, holder } = this.#parts
    if (!this.#isReplaced) {
      const span = { first: block, end: blocksOf(bytes).end }
      const fetch = this.#parts.startFetch(file.coverage(span, 'near').gaps[0] ?? span)
      if ((await fetch.opened) === file) {
        // The first one of all stays, however far behind: the backend may have nothing else left of this version.
        if (this.#detour !== undefined) holder.letGoOf(this.#detour)
        this.#detour = fetch
        return
      }
      holder.letGoOf(fetch)
      this.#isReplaced = true
    }
    // The file has been replaced, but whoever opened it before still gets what it was.
    if (farBehind === undefined || farBehind.hasEnded) throw new AppError('busy', { path: file.path })
    holder.hold(farBehind)
    farBehind.summon(block)
  }

  #bufferFor({ start, end }: ByteSpan): Buffer {
    const blocks = blocksOf({ start, end })
    return (this.#buffer ??= Buffer.allocUnsafe(
      Math.min(readBufferBytes, (blocks.end - blocks.first) * blockBytes),
    ))
  }

  #leave(): void {
    if (this.#hasLeft) return
    this.#hasLeft = true
    const { file, bytes, holder, signal, onAbandoned } = this.#parts
    signal.removeEventListener('abort', this.#onAbort)
    if (this.#given === bytes.end) void this.#lingerFor(blocksOf(bytes).end - 1)
    else {
      holder.letGo()
      onAbandoned()
    }
    file.wake()
  }

  /** Who has all it came for leaves its last block to arrive whole: the rest is short, and half a block would be kept by nobody. */
  async #lingerFor(lastBlock: number): Promise<void> {
    const { file, holder } = this.#parts
    while (holder.holdsFetches && !file.blocks.has(lastBlock)) await file.changed()
    holder.letGo()
  }
}
