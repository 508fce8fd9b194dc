import type { Clock } from '../../../lib/clock.ts'
import { nameOf, parentOf, rootPath, type VfsPath } from '../path.ts'
import type { Directory, Node } from '../vfs.ts'
import type { TreeMemory } from './tree-memory.ts'

/** Knowledge of a path: what is there, that nothing is, or (`undefined`) none. */
export type Known = Node | 'missing' | undefined

export interface KnowledgeTimes {
  readonly metadataTtlMs: number
  readonly negativeTtlMs: number
}

/** What macOS's client has seen it believes this long. */
const clientTtlMs = 60_000

/** What can be said of the tree from memory, and how fresh that is. */
export class KnownTree {
  readonly #memory: TreeMemory
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #times: KnowledgeTimes

  constructor(memory: TreeMemory, clock: Pick<Clock, 'monotonicMs'>, times: KnowledgeTimes) {
    this.#memory = memory
    this.#clock = clock
    this.#times = times
  }

  /** What is known of `path` and still within its time. The root is always known, so that it never costs a call. */
  lookup(path: VfsPath): Known {
    const memory = this.#memory
    if (path === rootPath) return memory.show(path, memory.root)
    const record = memory.records.get(parentOf(path))
    if (record === undefined) return undefined
    const name = nameOf(path)
    const { metadataTtlMs, negativeTtlMs } = this.#times
    if (this.#isWithin(record.listedAtMs, metadataTtlMs))
      return memory.show(path, record.children.get(name)) ?? 'missing'
    if (this.#isWithin(record.seenAtMs.get(name), metadataTtlMs))
      return memory.show(path, record.children.get(name))
    return this.#isWithin(record.missedAtMs.get(name), negativeTtlMs) ? 'missing' : undefined
  }

  /** What was last known of `path`, however old. */
  recall(path: VfsPath): Known {
    const memory = this.#memory
    if (path === rootPath) return memory.show(path, memory.root)
    const record = memory.records.get(parentOf(path))
    const name = nameOf(path)
    const node = record?.children.get(name)
    if (node !== undefined) return memory.show(path, node)
    return record !== undefined && (record.listedAtMs !== undefined || record.missedAtMs.has(name))
      ? 'missing'
      : undefined
  }

  /** True when nothing is at `path`, or at a directory above it, within the time of that knowledge. */
  isMissing(path: VfsPath): boolean {
    return this.lookup(path) === 'missing' || this.isBelowMissing(path)
  }

  /** True when a directory above `path` is known not to be there. */
  isBelowMissing(path: VfsPath): boolean {
    for (let above = parentOf(path); above !== rootPath; above = parentOf(above)) {
      if (this.lookup(above) === 'missing') return true
    }
    return false
  }

  /**
   * True when a listing showed that nothing is at `path`, and macOS would still believe that listing itself at `atMs` (monotonic; now
   * when absent).
   */
  wasMissingAt(path: VfsPath, atMs = this.#clock.monotonicMs()): boolean {
    const record = this.#memory.records.peek(parentOf(path))
    if (record?.listedAtMs === undefined || record.children.has(nameOf(path))) return false
    return atMs - record.listedAtMs < clientTtlMs
  }

  lookupDirectory(path: VfsPath): Directory | undefined {
    const record = this.#memory.records.get(path)
    return record !== undefined && this.#isWithin(record.listedAtMs, this.#times.metadataTtlMs)
      ? this.#memory.showDirectory(path, record)
      : undefined
  }

  recallDirectory(path: VfsPath): Directory | undefined {
    const record = this.#memory.records.get(path)
    return record?.listedAtMs === undefined ? undefined : this.#memory.showDirectory(path, record)
  }

  /**
   * True when `path` was listed once, but longer ago than listings are believed; then not again for as long, so that whoever is
   * told may go and list it.
   */
  isDueForListing(path: VfsPath): boolean {
    const record = this.#memory.records.peek(path)
    const { metadataTtlMs } = this.#times
    if (record?.listedAtMs === undefined || this.#isWithin(record.listedAtMs, metadataTtlMs)) return false
    if (this.#isWithin(record.dueAtMs, metadataTtlMs)) return false
    record.dueAtMs = this.#clock.monotonicMs()
    return true
  }

  #isWithin(atMs: number | undefined, ttlMs: number): boolean {
    return atMs !== undefined && this.#clock.monotonicMs() - atMs < ttlMs
  }
}
