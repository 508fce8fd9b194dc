import type { DatabaseSync } from 'node:sqlite'

import { joinPath, nameOf, parentOf, type VfsPath } from '../path.ts'
import { rangeBelow } from '../state/database.ts'
import { inTransaction } from '../state/sqlite.ts'
import type { Node } from '../vfs.ts'
import { isFinderName } from './finder-names.ts'

export interface FinderEntry {
  readonly path: VfsPath
  readonly node: Node
}

type Row = Record<string, unknown>

const columns = 'parent, name, kind, size, modified_ms, created_ms, file_id, last_modified_sec'

/** Which of Finder's files there are. An entry's `fileId` is the number of its body; it changes with every new content. */
export class FinderIndex {
  readonly #database: DatabaseSync
  readonly #get
  readonly #children
  readonly #within
  readonly #put
  readonly #delete

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#get = database.prepare(`SELECT ${columns} FROM finder_entry WHERE parent = ? AND name = ?`)
    this.#children = database.prepare(`SELECT ${columns} FROM finder_entry WHERE parent = ?`)
    this.#within = database.prepare(
      `SELECT ${columns} FROM finder_entry WHERE parent = ? OR (parent > ? AND parent < ?) ORDER BY parent`,
    )
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO finder_entry (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#delete = database.prepare('DELETE FROM finder_entry WHERE parent = ? AND name = ?')
  }

  get(path: VfsPath): Node | undefined {
    const row = this.#get.get(parentOf(path), nameOf(path))
    return row === undefined ? undefined : nodeOf(row)
  }

  children(directory: VfsPath): ReadonlyMap<string, Node> {
    return new Map(this.#children.all(directory).map((row) => [String(row['name']), nodeOf(row)]))
  }

  /** What lies below `path`, at any depth. */
  below(path: VfsPath): readonly FinderEntry[] {
    return this.#within.all(path, ...rangeBelow(path)).map((row) => ({
      path: joinPath(String(row['parent']) as VfsPath, String(row['name'])),
      node: nodeOf(row),
    }))
  }

  /** As `below`, but only what has a Finder name somewhere between `path` and itself. */
  ownedBy(path: VfsPath): readonly FinderEntry[] {
    const entries = this.below(path)
    const prefix = path === '/' ? 1 : path.length + 1
    return entries.filter((entry) => entry.path.slice(prefix).split('/').some(isFinderName))
  }

  /** The numbers of all bodies that an entry refers to. */
  fileIds(): ReadonlySet<number> {
    const rows = this.#database.prepare('SELECT file_id FROM finder_entry').all()
    return new Set(rows.map((row) => Number(row['file_id'])))
  }

  lastFileId(): number {
    const row = this.#database.prepare('SELECT max(file_id) AS last FROM finder_entry').get()
    return Number(row?.['last'] ?? 0)
  }

  /** All of it or, when it throws, nothing. */
  inTransaction<T>(work: () => T): T {
    return inTransaction(this.#database, work)
  }

  put({ path, node }: FinderEntry): void {
    const { kind, size, modifiedMs, createdMs, fileId, lastModifiedSec } = node
    this.#put.run(parentOf(path), nameOf(path), kind, size, modifiedMs, createdMs, fileId, lastModifiedSec)
  }

  delete(entries: readonly FinderEntry[]): void {
    for (const { path } of entries) this.#delete.run(parentOf(path), nameOf(path))
  }
}

function nodeOf(row: Row): Node {
  return {
    kind: row['kind'] === 'directory' ? 'directory' : 'file',
    size: Number(row['size']),
    modifiedMs: Number(row['modified_ms']),
    createdMs: Number(row['created_ms']),
    fileId: Number(row['file_id']),
    lastModifiedSec: Number(row['last_modified_sec']),
  }
}
