import type { DatabaseSync } from 'node:sqlite'

import { inTransaction } from '../../state/sqlite.ts'
import type { UploadId, UploadRecord } from '../upload.ts'
import type { Delivered, TreeIntent } from '../upload-store.ts'
import { DeliveredRows } from './delivered-rows.ts'
import { IntentRows } from './intent-rows.ts'
import { CommitSync } from './commit-sync.ts'
import type { OpenedRecords } from './open-records.ts'
import type { SpooledBody } from './spool-trailer.ts'
import { UploadRows, type Entry } from './upload-rows.ts'

/** An upload that is to be committed, and what goes with that. */
export interface Acceptance {
  readonly record: UploadRecord
  readonly body: SpooledBody
  /** Asked within the transaction. */
  readonly supersedes: () => readonly UploadId[]
}

/** What a commit has brought and replaced. */
export interface Accepted {
  readonly ids: readonly UploadId[]
  readonly superseded: readonly UploadId[]
}

/**
 * All records, in memory and in the database. Each method is one transaction; when it throws, neither has changed. What it commits
 * survives this process, and a power cut after the next `sync` or `synced`.
 * The records themselves are shared with whoever loaded them, so that they are in memory once.
 */
export class Records implements AsyncDisposable {
  readonly #database: DatabaseSync
  readonly #uploads: UploadRows
  readonly #delivered: DeliveredRows
  readonly #intents: IntentRows
  readonly #sync: CommitSync
  /** In the order of their commits. */
  readonly #entries: Map<UploadId, Entry>
  #lastId: UploadId
  #lastPosition: number

  /** Takes the database over, and closes it when disposed of. */
  constructor({ database, databasePath, entries, highestId }: OpenedRecords) {
    this.#database = database
    this.#uploads = new UploadRows(database)
    this.#delivered = new DeliveredRows(database)
    this.#intents = new IntentRows(database)
    this.#sync = new CommitSync(databasePath)
    this.#entries = new Map(entries.map((entry) => [entry.record.id, entry]))
    this.#lastId = highestId
    this.#lastPosition = Math.max(0, entries.at(-1)?.position ?? 0)
  }

  all(): readonly UploadRecord[] {
    return Array.from(this.#entries.values(), ({ record }) => record)
  }

  get(id: UploadId): Entry | undefined {
    return this.#entries.get(id)
  }

  /** Never given out before. */
  nextId(): UploadId {
    this.#lastId += 1
    return this.#lastId
  }

  /** At once. */
  sync(): void {
    this.#sync.now()
  }

  synced(): Promise<void> {
    return this.#sync.soon()
  }

  /** What is superseded stays readable until it is dropped; `undo` takes it all back. */
  accept(acceptances: readonly Acceptance[]): Accepted {
    const accepted: Entry[] = []
    const superseded = new Set<UploadId>()
    inTransaction(this.#database, () => {
      for (const { record, body, supersedes } of acceptances) {
        const entry = { record, body, position: this.#lastPosition + accepted.length + 1 }
        this.#uploads.insert(entry)
        accepted.push(entry)
        for (const id of supersedes()) {
          this.#uploads.delete(id)
          superseded.add(id)
        }
      }
    })
    for (const entry of accepted) this.#entries.set(entry.record.id, entry)
    this.#lastPosition += accepted.length
    return { ids: accepted.map(({ record }) => record.id), superseded: [...superseded] }
  }

  undo({ ids, superseded }: Accepted): void {
    for (const id of ids) this.#entries.delete(id)
    inTransaction(this.#database, () => {
      for (const id of ids) this.#uploads.delete(id)
      for (const id of superseded) {
        const entry = this.#entries.get(id)
        if (entry !== undefined) this.#uploads.insert(entry)
      }
    })
  }

  /** Records of uploads that are gone are passed over. */
  update(records: readonly UploadRecord[], doneIntent: TreeIntent | undefined): void {
    const entries = records.flatMap((record) => {
      const entry = this.#entries.get(record.id)
      return entry === undefined ? [] : [{ ...entry, record }]
    })
    inTransaction(this.#database, () => {
      for (const entry of entries) this.#uploads.update(entry)
      if (doneIntent !== undefined) this.#intents.delete(doneIntent)
    })
    for (const entry of entries) this.#entries.set(entry.record.id, entry)
  }

  /** @returns the entries that were there. */
  remove(ids: readonly UploadId[], delivered: Delivered | undefined): readonly Entry[] {
    inTransaction(this.#database, () => {
      for (const id of ids) this.#uploads.delete(id)
      if (delivered !== undefined) this.#delivered.insert(delivered)
    })
    return this.drop(ids)
  }

  addIntent(intent: TreeIntent): void {
    inTransaction(this.#database, () => this.#intents.insert(intent))
  }

  removeIntent(intent: TreeIntent): void {
    inTransaction(this.#database, () => this.#intents.delete(intent))
  }

  intents(): readonly TreeIntent[] {
    return this.#intents.readAll()
  }

  delivered(): readonly Delivered[] {
    return this.#delivered.readAll()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sync[Symbol.asyncDispose]()
    this.#database.close()
  }

  /** Of rows that are gone. @returns the entries that were there. */
  drop(ids: Iterable<UploadId>): readonly Entry[] {
    const dropped: Entry[] = []
    for (const id of ids) {
      const entry = this.#entries.get(id)
      if (entry !== undefined) dropped.push(entry)
      this.#entries.delete(id)
    }
    return dropped
  }
}
