import { crc32 } from 'node:zlib'

import type { Attributes } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import { blockAt, blockBytes, blockLength, countBlocks, type BlockSpan, type ByteSpan } from './blocks.ts'
import type { Fetch } from './fetching/fetch.ts'
import { FillingBlock } from './fetching/filling-block.ts'
import type { Holder } from './fetching/holder.ts'
import type { BlockFile } from './store/block-file.ts'
import { costOf, entryBytes, type CacheStore, type StoredFile } from './store/cache-store.ts'

/** Blocks for which the disk has no room stay in memory for those who are about to read them, at most so many. */
const maxUnsavedBlocks = 16
/** A fetch stops reading while so many of its file's blocks are being written. */
const maxSavesAtOnce = 4
/** So many finished blocks go into the index together. */
const blocksPerEntryUpdate = 64

/** What of a span is not there, and the fetches that are bringing the rest. */
export interface Coverage {
  readonly gaps: readonly BlockSpan[]
  readonly fetches: ReadonlySet<Fetch>
}

/**
 * One version of one file while somebody uses it: which of its blocks are on the disk, which are in memory, and which are on
 * their way. All it ever hands out is of that version.
 */
export class CachedFile {
  readonly id: number
  readonly #store: CacheStore
  readonly #blockFile: BlockFile
  readonly #onIdle: (file: CachedFile) => void
  readonly #checksums: Map<number, number>
  readonly #unrecorded = new Map<number, number>()
  readonly #dropped = new Set<number>()
  readonly #inMemory = new Map<number, FillingBlock>()
  readonly #unsaved = new Set<FillingBlock>()
  readonly #saves = new Set<Promise<void>>()
  readonly #fetches = new Set<Fetch>()
  readonly #users = new Set<Holder>()
  #readsUnderWay = 0
  #bytes: number
  #isCounted: boolean
  #isRetired = false
  #change: PromiseWithResolvers<undefined> | undefined
  path: VfsPath
  /** As they were seen last; those that make the version never change. */
  attributes: Attributes

  constructor(stored: StoredFile, store: CacheStore, onIdle: (file: CachedFile) => void) {
    this.id = stored.id
    this.path = stored.path
    this.attributes = stored.attributes
    this.#checksums = stored.checksums
    this.#bytes = stored.bytes
    this.#isCounted = stored.bytes > 0
    this.#store = store
    this.#blockFile = store.fileOf(stored.id, stored.attributes.size)
    this.#onIdle = onIdle
  }

  get isComplete(): boolean {
    return this.#checksums.size === countBlocks(this.attributes.size)
  }

  /** True once blocks have found no room on the disk: then nothing should run far ahead of its readers. */
  get isWithoutRoom(): boolean {
    return this.#unsaved.size > 0
  }

  has(block: number): boolean {
    return this.#checksums.has(block) || this.#inMemory.get(block)?.isFull === true
  }

  lacksAny(first: number, end: number): boolean {
    for (let block = first; block < end; block += 1) if (!this.has(block)) return true
    return false
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
      if (this.has(block)) continue
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
    if (!this.has(number) && this.bringerOf(number) === fetch) this.#inMemory.set(number, block)
    return block
  }

  /** Takes a full block over, to be written behind the caller's back. Resolves when the next one may come. */
  async complete(block: FillingBlock): Promise<void> {
    if (this.#inMemory.get(block.number) !== block) return
    const save = this.#save(block).finally(() => {
      this.#saves.delete(save)
      this.wake()
      this.#settle()
    })
    this.#saves.add(save)
    this.wake()
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

  /** Another version has taken its place: it serves those who read it and is gone with them. */
  retire(): void {
    if (this.#isRetired) return
    this.#isRetired = true
    this.#store.forget(this.id, this.#bytes)
    this.#bytes = 0
    this.#settle()
  }

  /** Resolves when all that has arrived is written and in the index. */
  async flush(): Promise<void> {
    await Promise.all(this.#saves)
    this.#record()
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
    if (this.#unrecorded.size >= blocksPerEntryUpdate) this.#record()
  }

  /** @returns false when there is no room: then the file goes through without being kept. */
  async #write(block: FillingBlock, cost: number): Promise<boolean> {
    if (this.#isRetired) return false
    const write = (): Promise<void> => this.#blockFile.write(block.number, block.bytes)
    if (!(await this.#store.add(cost, this.#bytes, this.attributes.size, write))) return false
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
      this.#settle()
    }
  }

  #drop(block: number, checksum: number | undefined): void {
    // Two readers may have found the same damage, and the block may be back already.
    if (this.#checksums.get(block) !== checksum) return
    this.#checksums.delete(block)
    this.#unrecorded.delete(block)
    this.#dropped.add(block)
    if (this.#isRetired) return
    const cost = costOf(blockLength(block, this.attributes.size))
    this.#bytes -= cost
    this.#store.subtract(cost)
  }

  #record(): void {
    if (this.#isRetired || (this.#unrecorded.size === 0 && this.#dropped.size === 0)) return
    this.#store.put(
      { id: this.id, path: this.path, attributes: this.attributes, bytes: this.#bytes },
      this.#unrecorded,
      this.#dropped,
    )
    this.#unrecorded.clear()
    this.#dropped.clear()
  }

  #settle(): void {
    if (this.#fetches.size > 0 || this.#saves.size > 0 || this.#readsUnderWay > 0) return
    this.#record()
    if (this.#users.size > 0) return
    this.#unsaved.clear()
    this.#inMemory.clear()
    void this.#blockFile.close().finally(() => {
      if (this.#isRetired) this.#store.removeFile(this.id)
    })
    this.#onIdle(this)
  }
}
