import { crc32 } from 'node:zlib'

import { blockAt, blockBytes, blockLength, countBlocks, type ByteSpan } from '../blocks.ts'
import type { FillingBlock } from '../fetching/filling-block.ts'
import type { BlockFile } from './block-file.ts'
import type { Entry } from './cache-index.ts'
import { costOf, entryBytes, type CacheStore, type StoredFile } from './cache-store.ts'

/** Blocks for which the disk has no room stay in memory for those who are about to read them, at most so many. */
const maxUnsavedBlocks = 16
/** A fetch stops reading while so many of its file's blocks are being written. */
const maxSavesAtOnce = 4

/** The blocks of one cached file: in memory while they arrive and are written, on the disk from then on. */
export class FileBlocks {
  readonly #id: number
  readonly #size: number
  readonly #store: CacheStore
  readonly #blockFile: BlockFile
  readonly #onChange: () => void
  readonly #checksums: Map<number, number>
  readonly #unrecorded = new Map<number, number>()
  readonly #dropped = new Set<number>()
  readonly #inMemory = new Map<number, FillingBlock>()
  readonly #unsaved = new Set<FillingBlock>()
  readonly #saves = new Set<Promise<void>>()
  #readsUnderWay = 0
  #bytes: number
  #isCounted: boolean
  #isRetired = false

  /** `onChange` is called when a write or read of the disk has ended. */
  constructor(stored: StoredFile, store: CacheStore, onChange: () => void) {
    this.#id = stored.id
    this.#size = stored.attributes.size
    this.#checksums = stored.checksums
    this.#bytes = stored.bytes
    this.#isCounted = stored.bytes > 0
    this.#store = store
    this.#blockFile = store.fileOf(stored.id, this.#size)
    this.#onChange = onChange
  }

  /** Whether all of the file is on the disk. */
  get isComplete(): boolean {
    return this.#checksums.size === countBlocks(this.#size)
  }

  /** True once blocks have found no room on the disk: then nothing should run far ahead of its readers. */
  get isWithoutRoom(): boolean {
    return this.#unsaved.size > 0
  }

  /** Whether a write or read of the disk is under way. */
  get isBusy(): boolean {
    return this.#saves.size > 0 || this.#readsUnderWay > 0
  }

  has(block: number): boolean {
    return this.#checksums.has(block) || this.#inMemory.get(block)?.isFull === true
  }

  lacksAny(first: number, end: number): boolean {
    for (let block = first; block < end; block += 1) if (!this.has(block)) return true
    return false
  }

  /** Lets what arrives in `block` be read from now on. */
  place(block: FillingBlock): void {
    this.#inMemory.set(block.number, block)
  }

  /** Has a full block that was placed written behind the caller's back. Resolves when the next one may come. */
  async complete(block: FillingBlock): Promise<void> {
    if (this.#inMemory.get(block.number) !== block) return
    const save = this.#save(block).finally(() => {
      this.#saves.delete(save)
      this.#onChange()
    })
    this.#saves.add(save)
    if (this.#saves.size >= maxSavesAtOnce) await Promise.race(this.#saves)
  }

  /** Bytes from `start` on, before `end`, that are in memory: good for ever. */
  inMemory({ start, end }: ByteSpan): Uint8Array | undefined {
    const number = blockAt(start)
    const offset = start - number * blockBytes
    const block = this.#inMemory.get(number)
    if (block === undefined || block.filled <= offset) return undefined
    return block.bytes.subarray(offset, end - number * blockBytes)
  }

  /**
   * Bytes from `start` on, before `end`, that are on the disk, read into `buffer`. What proves damaged is forgotten.
   * @returns undefined when the first of them is not there.
   */
  async onDisk({ start, end }: ByteSpan, buffer: Buffer): Promise<Uint8Array | undefined> {
    const first = blockAt(start)
    const checksums: number[] = []
    const most = Math.min(Math.floor(buffer.length / blockBytes), countBlocks(end) - first)
    for (let block = first; checksums.length < most; block += 1) {
      const checksum = this.#checksums.get(block)
      if (checksum === undefined) break
      checksums.push(checksum)
    }
    if (checksums.length === 0) return undefined
    const intact = await this.#read(first, checksums, buffer)
    if (intact < checksums.length) this.#drop(first + intact, checksums[intact])
    if (intact === 0) return undefined
    const bufferStart = first * blockBytes
    return buffer.subarray(start - bufferStart, Math.min(end, (first + intact) * blockBytes) - bufferStart)
  }

  /** Forgets them for everybody but those who are reading. @returns false when that has been done already. */
  retire(): boolean {
    if (this.#isRetired) return false
    this.#isRetired = true
    this.#store.forget(this.#id, this.#bytes)
    this.#bytes = 0
    return true
  }

  /** Resolves when all that has arrived is written. */
  async written(): Promise<void> {
    await Promise.all(this.#saves)
  }

  /** How many blocks have come since the last `record`. */
  get unrecordedCount(): number {
    return this.#unrecorded.size
  }

  /** Enters what is new into the index, as blocks of the file that `entry` describes. */
  record(entry: Pick<Entry, 'path' | 'attributes'>): void {
    if (this.#isRetired || (this.#unrecorded.size === 0 && this.#dropped.size === 0)) return
    this.#store.put({ ...entry, id: this.#id, bytes: this.#bytes }, this.#unrecorded, this.#dropped)
    this.#unrecorded.clear()
    this.#dropped.clear()
  }

  /** Nobody uses them any more, and nothing is under way. */
  close(): void {
    this.#unsaved.clear()
    this.#inMemory.clear()
    void this.#blockFile.close().finally(() => {
      if (this.#isRetired) this.#store.removeFile(this.#id)
    })
  }

  async #save(block: FillingBlock): Promise<void> {
    const isFirst = !this.#isCounted
    this.#isCounted = true
    const cost = costOf(block.length) + (isFirst ? entryBytes : 0)
    if (!(await this.#write(block, cost))) {
      if (isFirst) this.#isCounted = false
      this.#keepUnsaved(block)
      return
    }
    const checksum = crc32(block.bytes)
    this.#checksums.set(block.number, checksum)
    this.#inMemory.delete(block.number)
    this.#unrecorded.set(block.number, checksum)
  }

  /** @returns false when there is no room: then the file goes through without being kept. */
  async #write(block: FillingBlock, cost: number): Promise<boolean> {
    if (this.#isRetired) return false
    const write = (): Promise<void> => this.#blockFile.write(block.number, block.bytes)
    if (!(await this.#store.add(cost, this.#bytes, this.#size, write))) return false
    this.#count(cost)
    return true
  }

  /** What was retired meanwhile counts for nothing any more. */
  #count(cost: number): void {
    if (this.#isRetired) this.#store.subtract(cost)
    else this.#bytes += cost
  }

  #keepUnsaved(block: FillingBlock): void {
    this.#unsaved.add(block)
    const [oldest] = this.#unsaved
    if (this.#unsaved.size <= maxUnsavedBlocks || oldest === undefined) return
    this.#unsaved.delete(oldest)
    if (this.#inMemory.get(oldest.number) === oldest) this.#inMemory.delete(oldest.number)
  }

  async #read(first: number, checksums: readonly number[], buffer: Buffer): Promise<number> {
    this.#readsUnderWay += 1
    try {
      return await this.#blockFile.read(first, checksums, buffer)
    } catch {
      return 0
    } finally {
      this.#readsUnderWay -= 1
      this.#onChange()
    }
  }

  #drop(block: number, checksum: number | undefined): void {
    // Two readers may have found the same damage, and the block may be back already.
    if (this.#checksums.get(block) !== checksum) return
    this.#checksums.delete(block)
    this.#unrecorded.delete(block)
    this.#dropped.add(block)
    if (this.#isRetired) return
    const cost = costOf(blockLength(block, this.#size))
    this.#bytes -= cost
    this.#store.subtract(cost)
  }
}
