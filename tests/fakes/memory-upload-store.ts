import type { ByteRange, Call, Chunks } from '../../src-main/front/vfs/backend.ts'
import type { UploadId, UploadRecord } from '../../src-main/front/vfs/uploads/upload.ts'
import type {
  Delivered,
  DurableStep,
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
 * An `UploadStore` in memory. Like the durable one it makes a record when the body has ended, commits it some turns later,
 * and asks in that very moment what it supersedes.
 */
export class MemoryUploadStore implements UploadStore {
  readonly disk: MemoryDisk
  /** The next commits fail with it. */
  commitError: AppError | undefined
  /** A commit waits for it. */
  commitGate: Promise<unknown> = Promise.resolve()
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
    return [...this.disk.uploads.values()].reduce((sum, { body }) => sum + body.length, 0)
  }

  load(): readonly UploadRecord[] {
    return [...this.disk.uploads.values()].map(({ record }) => record)
  }

  checkRoom(expectedBytes: number | undefined): void {
    if (this.spooledBytes + (expectedBytes ?? 0) > this.#maxBytes) throw new AppError('no-space')
  }

  async accept(
    body: Chunks,
    makeRecord: (id: UploadId, size: number) => UploadRecord,
    supersedes: () => readonly UploadId[],
    call: Call,
  ): Promise<UploadRecord> {
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
    const record = makeRecord(id, bytes)
    await this.commitGate
    this.#step('spool-synced')
    refuseAborted(call)
    if (this.commitError !== undefined) throw this.commitError
    this.#refuseCut()
    for (const gone of supersedes()) this.disk.uploads.delete(gone)
    this.disk.uploads.set(id, { record, body: Buffer.concat(chunks) })
    this.#step('record-committed')
    return record
  }

  read(
    id: UploadId,
    range: ByteRange | undefined,
    call: Call,
  ): Promise<{ length: number; body: Chunks; close(): Promise<void> }> {
    const stored = this.disk.uploads.get(id)
    if (call.signal.aborted) return Promise.reject(new AppError('cancelled'))
    if (stored === undefined) return Promise.reject(new AppError('upload-unknown', { id }))
    const bytes = range === undefined ? stored.body : stored.body.subarray(range.start, range.end + 1)
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

  remove(ids: readonly UploadId[], delivered?: Delivered): void {
    this.#refuseCut()
    for (const id of ids) this.disk.uploads.delete(id)
    if (delivered === undefined) return
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
