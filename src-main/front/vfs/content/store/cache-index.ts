import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

import type { Attributes } from '../../backend.ts'
import type { VfsPath } from '../../path.ts'
import { rangeBelow } from '../../state/database.ts'
import { inTransaction, type DatabaseShape } from '../../state/sqlite.ts'

/**
 * One database, not a small file per entry: a start with 50,000 cached files then reads no entry at all, only their numbers and
 * one sum, while as many small files would have to be opened one by one before their order of use is known.
 * A checksum has a row of its own, so that a growing file adds rows instead of rewriting what it has.
 * `file_id` is REAL because an inode number may be larger than SQLite's driver hands out as an exact integer.
 */
export const indexShape: DatabaseShape = {
  version: 1,
  schema: `
    CREATE TABLE entry (
      id INTEGER PRIMARY KEY,
      path TEXT NOT NULL UNIQUE,
      size INTEGER NOT NULL,
      modified_ms REAL NOT NULL,
      created_ms REAL NOT NULL,
      file_id REAL NOT NULL,
      bytes INTEGER NOT NULL,
      used INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX entry_by_use ON entry (used);
    CREATE TABLE block (
      entry INTEGER NOT NULL,
      number INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      PRIMARY KEY (entry, number)
    ) STRICT, WITHOUT ROWID;
  `,
}

/** One version of one file, as far as it is on the disk. */
export interface Entry {
  readonly id: number
  readonly path: VfsPath
  readonly attributes: Attributes
  /** What it takes of the disk, its rows included. */
  readonly bytes: number
}

/** Which blocks of which files are on the disk, with a checksum each, and which file was used when. Synchronous. */
export class CacheIndex {
  readonly #database: DatabaseSync
  readonly #find
  readonly #checksums
  readonly #put
  readonly #putBlock
  readonly #dropBlock
  readonly #use
  readonly #oldest
  readonly #remove
  readonly #removeBlocks
  readonly #within
  readonly #rename
  #lastUse: number

  constructor(database: DatabaseSync) {
    this.#database = database
    // A cache may forget what a power cut takes; checksums tell what it left half done.
    database.exec('PRAGMA synchronous = NORMAL')
    this.#find = database.prepare('SELECT * FROM entry WHERE path = ?')
    this.#checksums = database.prepare('SELECT number, checksum FROM block WHERE entry = ?')
    this.#put = database.prepare(
      `INSERT INTO entry (id, path, size, modified_ms, created_ms, file_id, bytes, used) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes, used = excluded.used`,
    )
    this.#putBlock = database.prepare('INSERT OR REPLACE INTO block VALUES (?, ?, ?)')
    this.#dropBlock = database.prepare('DELETE FROM block WHERE entry = ? AND number = ?')
    this.#use = database.prepare('UPDATE entry SET used = ? WHERE id = ?')
    this.#oldest = database.prepare('SELECT id, bytes FROM entry ORDER BY used')
    this.#remove = database.prepare('DELETE FROM entry WHERE id = ?')
    this.#removeBlocks = database.prepare('DELETE FROM block WHERE entry = ?')
    this.#within = database.prepare('SELECT id, bytes FROM entry WHERE path = ? OR (path >= ? AND path < ?)')
    this.#rename = database.prepare(
      'UPDATE entry SET path = :to || substr(path, length(:from) + 1) WHERE path = :from OR (path >= :first AND path < :end)',
    )
    this.#lastUse = Number(database.prepare('SELECT max(used) AS used FROM entry').get()?.['used'] ?? 0)
  }

  find(path: VfsPath): Entry | undefined {
    const row = this.#find.get(path)
    if (row === undefined) return undefined
    const number = (column: string): number => Number(row[column])
    return {
      id: number('id'),
      path,
      attributes: {
        kind: 'file',
        size: number('size'),
        modifiedMs: number('modified_ms'),
        createdMs: number('created_ms'),
        fileId: number('file_id'),
      },
      bytes: number('bytes'),
    }
  }

  /** By block number. */
  checksumsOf(id: number): Map<number, number> {
    return new Map(this.#checksums.all(id).map((row) => [Number(row['number']), Number(row['checksum'])]))
  }

  ids(): readonly number[] {
    return this.#database
      .prepare('SELECT id FROM entry')
      .all()
      .map((row) => Number(row['id']))
  }

  totalBytes(): number {
    return Number(this.#database.prepare('SELECT total(bytes) AS bytes FROM entry').get()?.['bytes'])
  }

  /** Adds `blocks`, which are on the disk by now, to `entry`, and takes away `dropped`. Another version at that path is forgotten. */
  put(entry: Entry, blocks: ReadonlyMap<number, number>, dropped: Iterable<number>): void {
    inTransaction(this.#database, () => {
      const { size, modifiedMs, createdMs, fileId } = entry.attributes
      this.#put.run(
        entry.id,
        entry.path,
        size,
        modifiedMs,
        createdMs,
        fileId,
        entry.bytes,
        (this.#lastUse += 1),
      )
      for (const number of dropped) this.#dropBlock.run(entry.id, number)
      for (const [number, checksum] of blocks) this.#putBlock.run(entry.id, number, checksum)
    })
  }

  /** Makes it the one that was used last. */
  use(id: number): void {
    this.#use.run((this.#lastUse += 1), id)
  }

  /** From the one whose last use is longest ago on. */
  *byUse(): Iterable<Pick<Entry, 'id' | 'bytes'>> {
    for (const row of this.#oldest.iterate()) yield weightOf(row)
  }

  remove(ids: readonly number[]): void {
    inTransaction(this.#database, () => {
      for (const id of ids) {
        this.#remove.run(id)
        this.#removeBlocks.run(id)
      }
    })
  }

  /** The entries at and below `path`. */
  within(path: VfsPath): readonly Pick<Entry, 'id' | 'bytes'>[] {
    return this.#within.all(path, ...rangeBelow(path)).map(weightOf)
  }

  /** Nothing may be at or below `to`. */
  rename(from: VfsPath, to: VfsPath): void {
    const [first, end] = rangeBelow(from)
    this.#rename.run({ from, to, first, end })
  }

  close(): void {
    this.#database.close()
  }
}

function weightOf(row: Record<string, SQLOutputValue>): Pick<Entry, 'id' | 'bytes'> {
  return { id: Number(row['id']), bytes: Number(row['bytes']) }
}
