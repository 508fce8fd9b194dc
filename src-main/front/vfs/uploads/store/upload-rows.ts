import type { DatabaseSync } from 'node:sqlite'

import type { UploadId, UploadRecord } from '../upload.ts'
import { CheckedJson } from './checked-json.ts'
import type { SpooledBody } from './spool-trailer.ts'

/** What the store keeps of one upload. */
export interface Entry {
  readonly record: UploadRecord
  readonly body: SpooledBody
  /** Rises from commit to commit; ids are given out when a body begins, which may be another order. */
  readonly position: number
}

export interface StoredUploads {
  /** In the order in which they were committed. */
  readonly entries: readonly Entry[]
  /** Ids as they stand in rows that are not what was written. */
  readonly damagedIds: readonly bigint[]
  /** No upload has ever had a higher id, as far as the rows tell. */
  readonly highestId: UploadId
}

/** AUTOINCREMENT remembers the highest id also when its row is gone. */
export const uploadSchema = `
  CREATE TABLE upload (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entry TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
`

/** The table of uploads. Its methods belong into a transaction of the caller's. */
export class UploadRows {
  readonly #json = new CheckedJson<Entry>()
  readonly #insert
  readonly #update
  readonly #delete
  readonly #select
  readonly #highestId

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT INTO upload (id, entry, checksum) VALUES (?, ?, ?)')
    this.#update = database.prepare('UPDATE upload SET entry = ?, checksum = ? WHERE id = ?')
    this.#delete = database.prepare('DELETE FROM upload WHERE id = ?')
    this.#select = database.prepare('SELECT id, entry, checksum FROM upload')
    this.#highestId = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'upload'")
    // A damaged number may be larger than JavaScript's are, which must not keep the other rows from being read.
    this.#select.setReadBigInts(true)
    this.#highestId.setReadBigInts(true)
  }

  readAll(): StoredUploads {
    const entries: Entry[] = []
    const damagedIds: bigint[] = []
    for (const { id, entry, checksum } of this.#select.iterate()) {
      const found = this.#json.decode(Number(id), entry, checksum)
      if (found !== undefined) entries.push(found)
      else if (typeof id === 'bigint') damagedIds.push(id)
    }
    entries.sort((a, b) => a.position - b.position)
    return { entries, damagedIds, highestId: this.#readHighestId() }
  }

  #readHighestId(): UploadId {
    const highest = Number(this.#highestId.get()?.['seq'] ?? 0)
    return Number.isSafeInteger(highest) ? highest : 0
  }

  insert(entry: Entry): void {
    const { text, checksum } = this.#json.encode(entry.record.id, entry)
    this.#insert.run(entry.record.id, text, checksum)
  }

  update(entry: Entry): void {
    const { text, checksum } = this.#json.encode(entry.record.id, entry)
    this.#update.run(text, checksum, entry.record.id)
  }

  delete(id: UploadId | bigint): void {
    this.#delete.run(id)
  }
}
