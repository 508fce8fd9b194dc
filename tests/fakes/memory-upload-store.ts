import type { ByteRange, Call, Chunks } from '../../src-main/front/vfs/backend.ts'
import type { UploadId, UploadRecord } from '../../src-main/front/vfs/uploads/upload.ts'
import type {
  Delivered,
  DurableStep,
  ReceivedBody,
  TreeIntent,
  UploadStore,
} from '../../src-main/front/vfs/uploads/upload-store.ts'
import { AppError } from '../../src-main/shared/errors.ts'
import { chunksOf } from './memory-backend.ts'

interface Stored {
  record: UploadRecord
  readonly body: Buffer
}

/** What a power cut leaves: any number of stores may be opened over it, one after the other. */
export class MemoryDisk {
  /** In the order of their commits. */
  readonly uploads = new Map<UploadId, Stored>()
  readonly delivered = new Map<string, Delivered>()
  intents: readonly TreeIntent[] = []
  lastId = 0
}

export interface MemoryStoreOptions {
  readonly maxBytes?: number
  readonly onStep?: (step: DurableStep) => void
}

/**
 * An `UploadStore` in memory. Like the durable one it commits a record some turns after it was asked to, and asks in that very moment
 * what it supersedes.
 */
export class MemoryUploadStore implements UploadStore {
  readonly disk: MemoryDisk
  /** The next commits fail with it. */
  commitError: AppError | undefined
  /** A commit waits for it. */
  commitGate: Promise<unknown> = Promise.resolve()
  /** Bodies that are no uploads yet; a power cut takes them. */
  readonly #received = new Map<UploadId, Buffer>()
  readonly #maxBytes: number
  readonly #onStep: (step: DurableStep) => void
  #isCut = false

  constructor(disk = new MemoryDisk(), options: MemoryStoreOptions = {}) {
    this.disk = disk
    this.#maxBytes = options.maxBytes ?? Infinity
    this.#onStep = options.onStep ?? (() => undefined)
  }

  /** The power is cut: nothing that is asked from now on reaches the disk. */
  cut(): void {
    this.#isCut = true
  }

  get spooledBytes(): number {
    let bytes = 0
    for (const { body } of this.disk.uploads.values()) bytes += body.length
    for (const body of this.#received.values()) bytes += body.length
    return bytes
  }

  load(): readonly UploadRecord[] {
    return [...this.disk.uploads.values()].map(({ record }) => record)
  }

  checkRoom(expectedBytes: number | undefined): void {
    if (this.spooledBytes + (expectedBytes ?? 0) > this.#maxBytes) throw new AppError('no-space')
  }

  async receive(
    body: Chunks,
    describe: (id: UploadId, size: number) => UploadRecord,
    call: Call,
  ): Promise<ReceivedBody> {
    refuseAborted(call)
    this.checkRoom(undefined)
    const id = ++this.disk.lastId
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body) {
      refuseAborted(call)
      bytes += chunk.length
      this.checkRoom(bytes)
      chunks.push(Buffer.from(chunk))
    }
    this.#step('spool-written')
    describe(id, bytes)
    this.#received.set(id, Buffer.concat(chunks))
    return { id, size: bytes }
  }

  async accept(record: UploadRecord, supersedes: () => readonly UploadId[], call: Call): Promise<void> {
    const body = this.#received.get(record.id)
    if (body === undefined) throw new AppError('upload-unknown', { id: record.id })
    try {
      await this.commitGate
      this.#step('spool-synced')
      refuseAborted(call)
      if (this.commitError !== undefined) throw this.commitError
      this.#refuseCut()
      for (const gone of supersedes()) this.disk.uploads.delete(gone)
      this.disk.uploads.set(record.id, { record, body })
      this.#step('record-committed')
    } finally {
      this.#received.delete(record.id)
    }
  }

  discard(id: UploadId): Promise<void> {
    this.#received.delete(id)
    return Promise.resolve()
  }

  read(
    id: UploadId,
    range: ByteRange | undefined,
    call: Call,
  ): Promise<{ length: number; body: Chunks; close(): Promise<void> }> {
    const body = this.disk.uploads.get(id)?.body ?? this.#received.get(id)
    if (call.signal.aborted) return Promise.reject(new AppError('cancelled'))
    if (body === undefined) return Promise.reject(new AppError('upload-unknown', { id }))
    const bytes = range === undefined ? body : body.subarray(range.start, range.end + 1)
    return Promise.resolve({ length: bytes.length, body: chunksOf(bytes), close: () => Promise.resolve() })
  }

  update(records: readonly UploadRecord[], doneIntent?: TreeIntent): void {
    this.#refuseCut()
    for (const record of records) {
      const stored = this.disk.uploads.get(record.id)
      if (stored !== undefined) stored.record = record
    }
    if (doneIntent === undefined) return
    this.#forgetIntent(doneIntent)
    this.#step('retarget-committed')
  }

  save(record: UploadRecord): Promise<void> {
    return Promise.resolve().then(() => this.update([record]))
  }

  remove(ids: readonly UploadId[]): void {
    this.#refuseCut()
    for (const id of ids) this.disk.uploads.delete(id)
  }

  deliver(ids: readonly UploadId[], delivered: Delivered): void {
    this.remove(ids)
    this.disk.delivered.set(delivered.path, delivered)
    this.#step('delivery-committed')
  }

  addIntent(intent: TreeIntent): void {
    this.#refuseCut()
    this.disk.intents = [...this.disk.intents, intent]
    this.#step('intent-committed')
  }

  removeIntent(intent: TreeIntent): void {
    this.#refuseCut()
    this.#forgetIntent(intent)
  }

  intents(): readonly TreeIntent[] {
    return this.disk.intents
  }

  delivered(): readonly Delivered[] {
    return [...this.disk.delivered.values()]
  }

  exportTo(id: UploadId): Promise<void> {
    return this.disk.uploads.has(id)
      ? Promise.resolve()
      : Promise.reject(new AppError('upload-unknown', { id }))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }

  #step(step: DurableStep): void {
    if (!this.#isCut) this.#onStep(step)
  }

  #forgetIntent({ from, to }: TreeIntent): void {
    this.disk.intents = this.disk.intents.filter((intent) => intent.from !== from || intent.to !== to)
  }

  #refuseCut(): void {
    if (this.#isCut) throw new Error('the power is cut')
  }
}

function refuseAborted(call: Call): void {
  if (call.signal.aborted) throw new AppError('cancelled')
}
