import { LRUCache } from 'lru-cache'

import { isWithin, rebase, type VfsPath } from '../path.ts'
import type { Node } from '../vfs.ts'
import { DirectoryRecord } from './directory-record.ts'
import { isAhead, stampMoved } from './stamps.ts'

/** Stamps of paths that are no longer cached; forgetting one can only matter within the seconds it runs ahead. */
const maxRememberedStamps = 50_000

/**
 * The directory records of a drive, the least used given up when there is no room. What a record that goes knew of stamps
 * is kept a while longer, for whatever takes its paths next.
 */
export class DirectoryRecords {
  readonly #records: LRUCache<VfsPath, DirectoryRecord>
  readonly #stamps = new LRUCache<VfsPath, Map<string, Node>>({
    maxSize: maxRememberedStamps,
    sizeCalculation: (nodes) => Math.min(nodes.size + 1, maxRememberedStamps),
  })

  /** `maxEntries` counts children over all directories. */
  constructor(maxEntries: number) {
    this.#records = new LRUCache<VfsPath, DirectoryRecord>({
      maxSize: maxEntries,
      // One enormous directory may take half the room, not push out everything else.
      sizeCalculation: (record) => Math.min(record.weight, Math.ceil(maxEntries / 2)),
      dispose: (record, path, reason) => {
        if (reason === 'evict') this.#remember(path, record, isAhead)
      },
    })
  }

  /** The record of `path`, counted as used. */
  get(path: VfsPath): DirectoryRecord | undefined {
    return this.#records.get(path)
  }

  peek(path: VfsPath): DirectoryRecord | undefined {
    return this.#records.peek(path)
  }

  /** The record of `path`, made where there is none. */
  of(path: VfsPath): DirectoryRecord {
    const known = this.#records.get(path)
    if (known !== undefined) return known
    const record = new DirectoryRecord()
    for (const [name, node] of this.#stamps.get(path) ?? []) record.past.set(name, node)
    this.#stamps.delete(path)
    this.#records.set(path, record)
    return record
  }

  /** The records of `path` and all directories below it. */
  within(path: VfsPath): readonly (readonly [VfsPath, DirectoryRecord])[] {
    return [...this.#records.entries()].filter(([below]) => isWithin(below, path))
  }

  /** `path` and all below it are gone. */
  dropWithin(path: VfsPath): void {
    for (const [below, record] of this.within(path)) {
      this.#remember(below, record, () => true)
      this.#records.delete(below)
    }
  }

  /** `records`, taken `within` the directory `from` before it was dropped, are now those of `to`. */
  carry(records: readonly (readonly [VfsPath, DirectoryRecord])[], from: VfsPath, to: VfsPath): void {
    for (const [below, nodes] of [...this.#stamps.entries()]) {
      const path = isWithin(below, from) ? rebase(below, from, to) : undefined
      if (path !== undefined && !this.#stamps.has(path)) this.#stamps.set(path, nodes)
    }
    for (const [below, record] of records) this.#settle(record, rebase(below, from, to))
  }

  /** To be told when `record` grew: its share of the room is what it weighed when it was last counted. */
  account(path: VfsPath, record: DirectoryRecord): void {
    if (record.weight <= record.accountedWeight * 1.25) return
    record.accountedWeight = record.weight
    this.#records.delete(path)
    this.#records.set(path, record)
  }

  #settle(record: DirectoryRecord, path: VfsPath): void {
    for (const [name, node] of this.#stamps.get(path) ?? []) {
      const child = record.children.get(name)
      if (child === undefined) record.past.set(name, node)
      else record.set(name, stampMoved(child, node))
    }
    this.#stamps.delete(path)
    this.#records.set(path, record)
  }

  #remember(path: VfsPath, record: DirectoryRecord, isKept: (node: Node) => boolean): void {
    const nodes = new Map(record.past)
    for (const [name, node] of record.children) if (isKept(node)) nodes.set(name, node)
    if (nodes.size > 0) this.#stamps.set(path, nodes)
  }
}
