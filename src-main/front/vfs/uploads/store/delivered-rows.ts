import type { DatabaseSync } from 'node:sqlite'

import type { Delivered } from '../upload-store.ts'
import { CheckedJson } from './checked-json.ts'

/** A forgotten one costs a client one needless download, no more. */
const maxRows = 20_000

export const deliveredSchema = `
  CREATE TABLE delivered (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    entry TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
`

/** The latest deliveries, one per path. Its changing methods belong into a transaction of the caller's. */
export class DeliveredRows {
  readonly #json = new CheckedJson<Delivered>()
  readonly #insert
  readonly #forget
  readonly #select

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      'INSERT OR REPLACE INTO delivered (path, entry, checksum) VALUES (?, ?, ?)',
    )
    this.#forget = database.prepare('DELETE FROM delivered WHERE position <= ?')
    this.#select = database.prepare('SELECT path, entry, checksum FROM delivered ORDER BY position')
    this.#select.setReadBigInts(true)
  }

  /** Oldest first; without rows that are not what was written. */
  readAll(): readonly Delivered[] {
    return this.#select
      .all()
      .map(({ path, entry, checksum }) => this.#json.decode(String(path), entry, checksum))
      .filter((delivered) => delivered !== undefined)
  }

  insert(delivered: Delivered): void {
    const { text, checksum } = this.#json.encode(delivered.path, delivered)
    const { lastInsertRowid } = this.#insert.run(delivered.path, text, checksum)
    this.#forget.run(Number(lastInsertRowid) - maxRows)
  }
}
