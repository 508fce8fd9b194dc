import type { DatabaseSync } from 'node:sqlite'

import type { VfsPath } from '../path.ts'
import { composed } from '../tree/name-forms.ts'
import type { DeadProperties, DeadProperty, PropertyChange } from '../vfs.ts'
import { rangeBelow } from './database.ts'
import { inTransaction } from './sqlite.ts'

/** `DeadProperties` in the drive's database, found by a path's composed form. */
export class StoredProperties implements DeadProperties {
  readonly #database: DatabaseSync
  readonly #select
  readonly #set
  readonly #unset
  readonly #count
  /** Most drives have none at all, and every listing asks. */
  #total: number

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#select = database.prepare('SELECT namespace, name, xml FROM dead_property WHERE path = ?')
    this.#set = database.prepare(
      'INSERT INTO dead_property (path, namespace, name, xml) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET xml = excluded.xml',
    )
    this.#unset = database.prepare('DELETE FROM dead_property WHERE path = ? AND namespace = ? AND name = ?')
    this.#count = database.prepare('SELECT count(*) AS total FROM dead_property')
    this.#total = this.#countAll()
  }

  of(path: VfsPath): readonly DeadProperty[] {
    if (this.#total === 0) return []
    return this.#select.all(composed(path)).map((row) => ({
      namespace: String(row['namespace']),
      name: String(row['name']),
      xml: String(row['xml']),
    }))
  }

  any(): boolean {
    return this.#total > 0
  }

  change(path: VfsPath, changes: readonly PropertyChange[]): void {
    const key = composed(path)
    inTransaction(this.#database, () => {
      for (const change of changes) {
        if (change.kind === 'remove') this.#unset.run(key, change.namespace, change.name)
        else this.#set.run(key, change.property.namespace, change.property.name, change.property.xml)
      }
    })
    this.#total = this.#countAll()
  }

  /** What was moved from `from` to `to` takes its properties along, and those of what it replaced are gone. */
  move(from: VfsPath, to: VfsPath): void {
    this.#place(
      'UPDATE dead_property SET path = :to || substr(path, length(:from) + 1)',
      from,
      to,
      'infinity',
    )
  }

  copy(from: VfsPath, to: VfsPath, depth: 0 | 'infinity'): void {
    const copy =
      'INSERT INTO dead_property SELECT :to || substr(path, length(:from) + 1), namespace, name, xml FROM dead_property'
    this.#place(copy, from, to, depth)
  }

  remove(path: VfsPath): void {
    if (this.#total === 0) return
    this.#removeWithin(composed(path))
    this.#total = this.#countAll()
  }

  #place(statement: string, from: VfsPath, to: VfsPath, depth: 0 | 'infinity'): void {
    if (this.#total === 0) return
    const source = composed(from)
    const target = composed(to)
    if (source === target) return
    const [first, end] = depth === 0 ? [source, source] : rangeBelow(source)
    inTransaction(this.#database, () => {
      this.#removeWithin(target)
      this.#database
        .prepare(`${statement} WHERE path = :from OR (path > :first AND path < :end)`)
        .run({ to: target, from: source, first, end })
    })
    this.#total = this.#countAll()
  }

  #removeWithin(path: VfsPath): void {
    const [first, end] = rangeBelow(path)
    this.#database
      .prepare('DELETE FROM dead_property WHERE path = ? OR (path > ? AND path < ?)')
      .run(path, first, end)
  }

  #countAll(): number {
    return Number(this.#count.get()?.['total'])
  }
}
