import { createEmitter, type Event } from '../../../lib/event.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Backend, Call, Chunks } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import { acceptUpload, receiveUpload } from './accept-upload.ts'
import { Deliveries } from './delivery.ts'
import { giveUp } from './give-up.ts'
import { loadPending } from './load-pending.ts'
import { treeClaim } from './move-intents.ts'
import { overlayLookups } from './overlay.ts'
import { byAge, isPending, type LiveUpload, type PendingFile } from './pending-index.ts'
import { makeParts, type QueueParts, type UploadQueueOptions } from './queue-parts.ts'
import type { ReceivedUpload } from './received-upload.ts'
import { withSureChanges } from './sure-changes.ts'
import { TreeChanges } from './tree-changes.ts'
import type { UploadEvent, UploadId, UploadInfo, UploadTotals } from './upload.ts'
import type { UploadQueue } from './upload-queue.ts'

/**
 * A queue over what `store` has kept; it goes on delivering at once. Dispose it before the store: deliveries under way are
 * called off, and what is pending is taken up by the next queue over the same store.
 */
export function createUploadQueue(options: UploadQueueOptions): UploadQueue {
  return new DurableUploadQueue(options)
}

class DurableUploadQueue implements UploadQueue {
  readonly backend: Backend
  readonly #parts: QueueParts
  readonly #deliveries: Deliveries
  readonly #changes: TreeChanges
  readonly #events = createEmitter<UploadEvent>()
  readonly #lifetime = new AbortController()
  readonly #recoveries: Disposable
  readonly #whenDrained = new Set<() => void>()

  constructor(options: UploadQueueOptions) {
    const parts = makeParts(options, {
      emit: (event) => {
        this.#events.fire(event)
      },
      noteProgress: () => {
        this.#tellWhoeverWaits()
      },
      lifetime: this.#lifetime.signal,
    })
    const deliveries = new Deliveries(parts)
    const changes = new TreeChanges({ ...parts, backend: withSureChanges(parts) }, deliveries)
    this.#parts = parts
    this.#deliveries = deliveries
    this.#changes = changes
    this.backend = {
      ...overlayLookups(parts, deliveries),
      write: (path, body, call) => acceptUpload(parts, deliveries, path, body, call),
      makeDirectory: (path, call) => changes.makeDirectory(path, call),
      move: (from, to, call) => changes.move(from, to, call),
      remove: (path, call) => changes.remove(path, call),
    }
    this.#recoveries = parts.health.recoveries.on(() => {
      this.wake()
    })
    loadPending(parts)
    for (const intent of parts.store.intents()) changes.settle(intent)
    const pending = [...parts.index.files()].filter(isPending)
    for (const file of pending.sort(byAge)) deliveries.schedule(file)
  }

  get events(): Event<UploadEvent> {
    return this.#events
  }

  receive(path: VfsPath, body: Chunks, call: Call): Promise<ReceivedUpload> {
    return receiveUpload(this.#parts, path, body, call)
  }

  list(): readonly UploadInfo[] {
    const uploads: LiveUpload[] = []
    for (const { newest, earlier } of this.#parts.index.files()) {
      if (earlier?.isDelivering === true) uploads.push(earlier)
      uploads.push(newest)
    }
    return uploads.sort((one, other) => one.record.id - other.record.id).map(infoOf)
  }

  totals(): UploadTotals {
    const { index, totals, clock } = this.#parts
    let [pending, pendingBytes, attention] = [0, 0, 0]
    let oldestMs = Infinity
    for (const file of index.files()) {
      const { size, modifiedMs } = file.newest.record.promised
      if (!isPending(file)) attention++
      else {
        pending++
        pendingBytes += size
        oldestMs = Math.min(oldestMs, modifiedMs)
      }
    }
    return {
      pending,
      pendingBytes,
      oldestAgeMs: pending === 0 ? 0 : Math.max(0, clock.now() - oldestMs),
      attention,
      bytesPerSec: totals.bytesPerSec(),
      delivered: totals.delivered,
      conflicts: totals.conflicts,
    }
  }

  wake(): void {
    this.#parts.wakes.fire(undefined)
    this.#deliveries.wake()
  }

  retry(id: UploadId): void {
    const { file, upload } = this.#find(id)
    if (upload.record.attention !== undefined) {
      const record = { ...upload.record, attention: undefined }
      this.#parts.store.update([record])
      upload.record = record
    }
    this.#deliveries.schedule(file)
  }

  async discard(id: UploadId): Promise<void> {
    const { path } = this.#find(id).file
    using _claim = await this.#quiet(path)
    // It may have been delivered, replaced or moved before it could be stopped.
    const { file, upload } = this.#find(id)
    if (file.path !== path) {
      await this.discard(id)
      return
    }
    if (upload !== file.newest) return
    this.#deliveries.forget(file)
    giveUp(this.#parts, [file], new AppError('cancelled'))
    this.#events.fire({ type: 'discarded', id, path: file.path })
    this.#parts.onChanged(file.path)
  }

  async exportTo(id: UploadId, destinationPath: string): Promise<void> {
    this.#find(id)
    await this.#parts.store.exportTo(id, destinationPath)
  }

  drained(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        const isOver = signal.aborted || this.#lifetime.signal.aborted
        if (!isOver && this.#hasPending()) return
        this.#whenDrained.delete(settle)
        signal.removeEventListener('abort', settle)
        if (this.#hasPending()) reject(new AppError('cancelled', {}, { cause: signal.reason }))
        else resolve()
      }
      this.#whenDrained.add(settle)
      signal.addEventListener('abort', settle, { once: true })
      settle()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lifetime.abort()
    this.#recoveries[Symbol.dispose]()
    await this.#deliveries.end()
    await this.#changes.end()
    for (const { newest } of this.#parts.index.files()) newest.settled?.reject(new AppError('cancelled'))
    this.#tellWhoeverWaits()
  }

  /** Keeps deliveries from the file at `path`, and whatever is just being accepted for it has been. */
  async #quiet(path: VfsPath): Promise<Disposable> {
    const claim = this.#parts.deliveries.take([treeClaim(path)], this.#lifetime.signal)
    this.#deliveries.stopWithin(path)
    using stack = new DisposableStack()
    stack.use(await claim)
    while (this.#parts.accepting.has(path)) await this.#parts.accepting.get(path)
    return stack.move()
  }

  #find(id: UploadId): { readonly file: PendingFile; readonly upload: LiveUpload } {
    const found = this.#parts.index.find(id)
    if (found === undefined) throw new AppError('upload-unknown', { id })
    return found
  }

  #hasPending(): boolean {
    return this.#parts.index.files().some(isPending)
  }

  #tellWhoeverWaits(): void {
    for (const settle of [...this.#whenDrained]) settle()
  }
}

function infoOf({ record, isDelivering, sentBytes }: LiveUpload): UploadInfo {
  const { id, path, promised, attempts, attention, lastError } = record
  const isWaiting = attention === undefined
  return {
    id,
    path,
    size: promised.size,
    acceptedMs: promised.modifiedMs,
    attempts,
    state: isDelivering ? 'delivering' : isWaiting ? 'waiting' : 'attention',
    sentBytes: isDelivering ? sentBytes : 0,
    error: attention ?? lastError,
  }
}
