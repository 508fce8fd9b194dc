import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import type { Clock } from '../../../../lib/clock.ts'
import { AppError } from '../../../../shared/errors.ts'
import { statfs, unlink } from '../../../files/fs-calls.ts'
import type { VfsPath } from '../../path.ts'
import { openOrReplace } from '../../state/sqlite.ts'
import { BlockFile } from './block-file.ts'
import { CacheIndex, indexShape, type Entry } from './cache-index.ts'

/** What an entry takes beside its blocks: its row, its name in the folder, its inode. */
export const entryBytes = 1024
/** What a block's row takes. */
const rowBytes = 32
/** Disks hand out space in pieces of this size. */
const allocationBytes = 4096

const indexFilename = 'index.sqlite'

export interface StoreLimits {
  readonly maxBytes: number
  readonly reserveBytes: number
}

export interface StoredFile extends Entry {
  readonly checksums: Map<number, number>
}

/** What keeping a block of `length` bytes counts for. */
export function costOf(length: number): number {
  return Math.ceil(length / allocationBytes) * allocationBytes + rowBytes
}

/**
 * The cache's folder: an index and one file per entry, named by its number. Blocks are written first and entered into the index
 * afterwards, so a crash leaves nothing that is believed; what no entry knows of is swept at the start.
 * Makes room by forgetting what was used longest ago, but never what is in use.
 * When the index fails (a full disk, a damaged file), the store takes and knows nothing any more until the next start.
 */
export class CacheStore {
  readonly #dir: string
  readonly #index: CacheIndex
  readonly #limits: StoreLimits
  readonly #onFailed: (error: AppError) => void
  readonly #inUse = new Set<number>()
  readonly #removals = new Set<Promise<void>>()
  #bytes: number
  #promisedBytes = 0
  #lastId: number
  #isUsable = true
  #isClosed = false

  /** Makes the folder where it is missing. @throws AppError `state-dir-unusable`. */
  constructor(dir: string, limits: StoreLimits, clock: Clock, onFailed: (error: AppError) => void) {
    this.#dir = dir
    this.#limits = limits
    this.#onFailed = onFailed
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      this.#index = new CacheIndex(openOrReplace(join(dir, indexFilename), indexShape, clock).database)
      const ids = this.#index.ids()
      this.#lastId = ids.reduce((highest, id) => Math.max(highest, id), 0)
      this.#sweep(new Set(ids.map(String)))
      this.#bytes = this.#index.totalBytes()
    } catch (cause) {
      throw new AppError('state-dir-unusable', { path: dir }, { cause })
    }
  }

  get isUsable(): boolean {
    return this.#isUsable
  }

  /** What all entries take together. */
  get bytes(): number {
    return this.#bytes
  }

  find(path: VfsPath): StoredFile | undefined {
    return this.#guarded(() => {
      const entry = this.#index.find(path)
      return entry && { ...entry, checksums: this.#index.checksumsOf(entry.id) }
    })
  }

  newId(): number {
    return ++this.#lastId
  }

  fileOf(id: number, size: number): BlockFile {
    return new BlockFile(this.#filePath(id), size)
  }

  /** Keeps the entry from being forgotten for want of room, until `release`. */
  claim(id: number): void {
    this.#inUse.add(id)
    this.#guarded(() => {
      this.#index.use(id)
    })
  }

  release(id: number): void {
    this.#inUse.delete(id)
  }

  /**
   * Runs `write`, which is about to take `bytes` of the disk for an entry that has `ownBytes` already, if there is room for it.
   * @returns false when there is none; the entry counts for `bytes` more when it is true.
   */
  async add(bytes: number, ownBytes: number, size: number, write: () => Promise<void>): Promise<boolean> {
    this.#promisedBytes += bytes
    try {
      if (!(await this.#hasRoom(bytes, ownBytes, size))) return false
      await write()
      this.#bytes += bytes
      return true
    } catch {
      // A full disk, most likely.
      return false
    } finally {
      this.#promisedBytes -= bytes
    }
  }

  /** The entry counts for `bytes` less. */
  subtract(bytes: number): void {
    this.#bytes -= bytes
  }

  put(entry: Entry, blocks: ReadonlyMap<number, number>, dropped: Iterable<number>): void {
    this.#guarded(() => {
      const other = this.#index.find(entry.path)
      if (other !== undefined && other.id !== entry.id) {
        this.forget(other.id, other.bytes)
        this.removeFile(other.id)
      }
      this.#index.put(entry, blocks, dropped)
    })
  }

  /** Forgets an entry that takes `bytes`, in use or not. Its file stays until `removeFile`. */
  forget(id: number, bytes: number): void {
    this.#guarded(() => {
      this.#index.remove([id])
    })
    this.#bytes -= bytes
  }

  removeFile(id: number): void {
    void this.#removeFile(id)
  }

  /** Forgets what is at `path` and below it and not in use. */
  removeWithin(path: VfsPath): void {
    this.#guarded(() => {
      const idle = this.#index.within(path).filter(({ id }) => !this.#inUse.has(id))
      this.#index.remove(idle.map(({ id }) => id))
      for (const { id, bytes } of idle) {
        this.#bytes -= bytes
        void this.#removeFile(id)
      }
    })
  }

  /** What was at `from` and below it is found at `to`. */
  rename(from: VfsPath, to: VfsPath): void {
    this.#guarded(() => {
      this.#index.rename(from, to)
    })
  }

  /** Harmless when it is closed already. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await Promise.all(this.#removals)
    this.#isUsable = false
    this.#index.close()
  }

  /** Whether `bytes`, promised already, fit in; makes room for them where that is possible. */
  async #hasRoom(bytes: number, ownBytes: number, size: number): Promise<boolean> {
    const { maxBytes, reserveBytes } = this.#limits
    // One pass over a file that never fits whole must not push everything else out.
    const shareBytes = size > maxBytes ? maxBytes / 4 : maxBytes
    if (!this.#isUsable || ownBytes + bytes > shareBytes) return false
    const freeBytes = await this.#freeBytes()
    const tooMuch = Math.max(this.#bytes + this.#promisedBytes - maxBytes, reserveBytes + bytes - freeBytes)
    return tooMuch <= 0 || (await this.#evict(tooMuch))
  }

  /** @returns whether what was used longest ago, and is not in use, took `bytes`. */
  async #evict(bytes: number): Promise<boolean> {
    const chosen = this.#guarded(() => {
      const found: number[] = []
      let foundBytes = 0
      for (const entry of this.#index.byUse()) {
        if (foundBytes >= bytes) break
        if (this.#inUse.has(entry.id)) continue
        found.push(entry.id)
        foundBytes += entry.bytes
      }
      if (foundBytes < bytes) return undefined
      this.#index.remove(found)
      this.#bytes -= foundBytes
      return found
    })
    if (chosen === undefined) return false
    await Promise.all(chosen.map((id) => this.#removeFile(id)))
    return true
  }

  #removeFile(id: number): Promise<void> {
    // What cannot be removed now is swept at the next start.
    const removal = unlink(this.#filePath(id)).catch(() => undefined)
    this.#removals.add(removal)
    return removal.finally(() => this.#removals.delete(removal))
  }

  async #freeBytes(): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(this.#dir)
      return bavail * bsize
    } catch {
      return 0
    }
  }

  #sweep(known: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#dir)) {
      if (known.has(name) || isOfIndex(name)) continue
      rmSync(join(this.#dir, name), { force: true, recursive: true })
    }
  }

  #filePath(id: number): string {
    return join(this.#dir, String(id))
  }

  #guarded<T>(work: () => T): T | undefined {
    if (!this.#isUsable) return undefined
    try {
      return work()
    } catch (cause) {
      this.#isUsable = false
      this.#onFailed(new AppError('state-dir-unusable', { path: this.#dir }, { cause }))
      return undefined
    }
  }
}

function isOfIndex(name: string): boolean {
  return [indexFilename, `${indexFilename}-wal`, `${indexFilename}-shm`].includes(name)
}
