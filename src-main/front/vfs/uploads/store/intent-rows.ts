import type { DatabaseSync } from 'node:sqlite'

import type { TreeIntent } from '../upload-store.ts'
import { CheckedJson } from './checked-json.ts'

export const intentSchema = `
  CREATE TABLE intent (
    position INTEGER PRIMARY KEY,
    entry TEXT NOT NULL UNIQUE,
    checksum INTEGER NOT NULL
  ) STRICT;
`

/** An intent has no other key than itself. */
const tableKey = 'intent'

/** Moves and removals under way, each once. An intent whose row is damaged is passed over: its uploads then go where they last stood. */
export class IntentRows {
  readonly #json = new CheckedJson<TreeIntent>()
  readonly #insert
  readonly #delete
  readonly #select

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT OR REPLACE INTO intent (entry, checksum) VALUES (?, ?)')
    this.#delete = database.prepare('DELETE FROM intent WHERE entry = ?')
    this.#select = database.prepare('SELECT entry, checksum FROM intent ORDER BY position')
    this.#select.setReadBigInts(true)
  }

  /** Oldest first. */
  readAll(): readonly TreeIntent[] {
    return this.#select
      .all()
      .map(({ entry, checksum }) => this.#json.decode(tableKey, entry, checksum))
      .filter((intent) => intent !== undefined)
  }

  insert(intent: TreeIntent): void {
    const { text, checksum } = this.#encode(intent)
    this.#insert.run(text, checksum)
  }

  delete(intent: TreeIntent): void {
    this.#delete.run(this.#encode(intent).text)
  }

  /** With its fields in one order, so that equal intents are equal texts. */
  #encode({ from, to }: TreeIntent): { readonly text: string; readonly checksum: number } {
    return this.#json.encode(tableKey, { from, to })
  }
}
