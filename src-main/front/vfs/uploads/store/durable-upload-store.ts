import { AppError } from '../../../../shared/errors.ts'
import { cancelled, throwIfAborted } from '../../../files/abort.ts'
import type { ByteRange, Call, Chunks } from '../../backend.ts'
import type { UploadId, UploadRecord } from '../upload.ts'
import type { Delivered, DurableStep, ReceivedBody, TreeIntent, UploadStore } from '../upload-store.ts'
import { fromDisk } from './disk-errors.ts'
import { exportBody } from './export-body.ts'
import { GroupCommit, type Outcome } from './group-commit.ts'
import type { OpenedRecords } from './open-records.ts'
import { Records, type Acceptance, type Accepted } from './records.ts'
import type { Room } from './room.ts'
import type { OpenedBody, Spool } from './spool.ts'
import type { SpooledUpload } from './spool-trailer.ts'
import type { Entry } from './upload-rows.ts'

interface Ready extends Acceptance {
  readonly signal: AbortSignal
}

interface Received extends SpooledUpload {
  readonly isSynced: boolean
}

type Attempt =
  { readonly kind: 'committed'; readonly accepted: Accepted } | (Outcome & { readonly kind: 'failed' })

/** Records in a database, bodies in a spool: always a body before its record, always a record's removal before its body's. */
export class DurableUploadStore implements UploadStore {
  readonly #records: Records
  readonly #spool: Spool
  readonly #room: Room
  readonly #stateDir: string
  readonly #onStep: (step: DurableStep) => void
  /** Whole, and neither accepted nor discarded so far. */
  readonly #received = new Map<UploadId, Received>()
  /** Resolves with the last delivery so far. */
  #finishing: Promise<void> = Promise.resolve()
  readonly #commits = new GroupCommit<Ready>((ready) => this.#commit(ready))

  constructor(
    opened: OpenedRecords,
    spool: Spool,
    room: Room,
    stateDir: string,
    onStep: (step: DurableStep) => void,
  ) {
    this.#records = new Records(opened)
    this.#spool = spool
    this.#room = room
    this.#stateDir = stateDir
    this.#onStep = onStep
  }

  load(): readonly UploadRecord[] {
    return this.#records.all()
  }

  get spooledBytes(): number {
    return this.#room.usedBytes
  }

  checkRoom(expectedBytes: number | undefined): void {
    this.#room.check(expectedBytes ?? 0)
  }

  async receive(
    body: Chunks,
    describe: (id: UploadId, size: number) => UploadRecord,
    call: Call & { readonly isDurable: boolean },
  ): Promise<ReceivedBody> {
    throwIfAborted(call.signal)
    this.#room.check(0)
    const id = this.#records.nextId()
    try {
      const spooled = await this.#spool.write(id, body, (size) => describe(id, size), call)
      this.#received.set(id, { ...spooled, isSynced: call.isDurable })
      return { id, size: spooled.body.size }
    } catch (error) {
      throw fromDisk(error, this.#stateDir)
    }
  }

  async accept(record: UploadRecord, supersedes: () => readonly UploadId[], call: Call): Promise<void> {
    const { id } = record
    const received = this.#received.get(id)
    if (received === undefined) throw new AppError('upload-unknown', { id })
    try {
      if (!received.isSynced) await this.#spool.sync(id)
      await this.#commits.add({ record, body: received.body, supersedes, signal: call.signal })
      this.#received.delete(id)
    } catch (error) {
      await this.discard(id)
      throw fromDisk(error, this.#stateDir)
    }
  }

  async discard(id: UploadId): Promise<void> {
    const received = this.#received.get(id)
    if (received === undefined) return
    this.#received.delete(id)
    await this.#spool.discard(id, received.body.size)
  }

  async read(id: UploadId, range: ByteRange | undefined, call: Call): Promise<OpenedBody> {
    throwIfAborted(call.signal)
    const found = this.#records.get(id) ?? this.#received.get(id)
    if (found === undefined) throw new AppError('upload-unknown', { id })
    return this.#spool.read(id, found.body, range, found.record.path, call)
  }

  update(records: readonly UploadRecord[], doneIntent?: TreeIntent): void {
    this.#durably(() => this.#records.update(records, doneIntent))
    if (doneIntent !== undefined) this.#onStep('retarget-committed')
  }

  async save(record: UploadRecord): Promise<void> {
    this.#translated(() => this.#records.update([record], undefined))
    await this.#synced()
  }

  remove(ids: readonly UploadId[]): void {
    this.#removeBodies(this.#durably(() => this.#records.remove(ids, undefined)))
  }

  deliver(ids: readonly UploadId[], delivered: Delivered): void {
    const removed = this.#translated(() => this.#records.remove(ids, delivered))
    this.#onStep('delivery-committed')
    // A record that comes back after a power cut needs its body: it is delivered again. Should the sync fail, the next start sweeps.
    this.#finishing = this.#synced().then(
      () => this.#removeBodies(removed),
      () => undefined,
    )
  }

  addIntent(intent: TreeIntent): void {
    this.#durably(() => this.#records.addIntent(intent))
    this.#onStep('intent-committed')
  }

  removeIntent(intent: TreeIntent): void {
    this.#durably(() => this.#records.removeIntent(intent))
  }

  intents(): readonly TreeIntent[] {
    return this.#translated(() => this.#records.intents())
  }

  delivered(): readonly Delivered[] {
    return this.#translated(() => this.#records.delivered())
  }

  async exportTo(id: UploadId, destinationPath: string): Promise<void> {
    const { signal } = new AbortController()
    const { body } = await this.read(id, undefined, { signal })
    await exportBody(body, destinationPath, signal)
  }

  /** Waits for what is being committed and removed; bodies still being read are swept at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#commits.settled()
    await this.#finishing
    await this.#spool[Symbol.asyncDispose]()
    await this.#records[Symbol.asyncDispose]()
  }

  /** One sync for the names of all files, one transaction for all records, and one sync for that. */
  async #commit(ready: readonly Ready[]): Promise<readonly Outcome[]> {
    await this.#spool.syncNames()
    for (const _ of ready) this.#onStep('spool-synced')
    const wanted = ready.filter(({ signal }) => !signal.aborted)
    const together = this.#attempt(wanted)
    // Alone, each fails for itself only: one that finds no room must not take the others along.
    const attempts = ready.map((one): Attempt => {
      if (one.signal.aborted) return { kind: 'failed', error: cancelled(one.signal) }
      return together.kind === 'committed' || wanted.length === 1 ? together : this.#attempt([one])
    })
    const failure = await this.#synced().then(
      () => undefined,
      (error: unknown): Outcome => ({ kind: 'failed', error }),
    )
    for (const attempt of new Set(attempts))
      if (attempt.kind === 'committed') this.#finish(attempt.accepted, failure)
    return attempts.map((attempt) => (attempt.kind === 'committed' ? (failure ?? { kind: 'done' }) : attempt))
  }

  #attempt(acceptances: readonly Ready[]): Attempt {
    try {
      return { kind: 'committed', accepted: this.#records.accept(acceptances) }
    } catch (error) {
      return { kind: 'failed', error }
    }
  }

  #finish(accepted: Accepted, failure: Outcome | undefined): void {
    if (failure !== undefined) {
      this.#records.undo(accepted)
      return
    }
    for (const _ of accepted.ids) this.#onStep('record-committed')
    this.#removeBodies(this.#records.drop(accepted.superseded))
  }

  async #synced(): Promise<void> {
    try {
      await this.#records.synced()
    } catch (error) {
      throw fromDisk(error, this.#stateDir)
    }
  }

  /** What is done when it returns has to outlive a power cut. */
  #durably<T>(work: () => T): T {
    return this.#translated(() => {
      const result = work()
      this.#records.sync()
      return result
    })
  }

  #removeBodies(entries: readonly Entry[]): void {
    this.#spool.remove(entries.map(({ record, body }) => [record.id, body.size] as const))
  }

  #translated<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw fromDisk(error, this.#stateDir)
    }
  }
}
