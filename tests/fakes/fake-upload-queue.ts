import { systemClock } from '../../src-main/lib/clock.ts'
import { createEmitter } from '../../src-main/lib/event.ts'
import type { UploadEvent, UploadInfo, UploadTotals } from '../../src-main/front/vfs/uploads/upload.ts'
import type { UploadQueue } from '../../src-main/front/vfs/uploads/upload-queue.ts'
import { AppError } from '../../src-main/shared/errors.ts'
import { noUploads } from '../fixtures/uploads.ts'
import { MemoryBackend } from './memory-backend.ts'

/** A queue whose uploads are what a test says they are. */
export class FakeUploadQueue implements UploadQueue {
  readonly backend = new MemoryBackend(systemClock)
  readonly events = createEmitter<UploadEvent>()
  uploads: readonly UploadInfo[] = []
  /** `<what> <id>`, as asked for; `wake` without an id. */
  readonly acts: string[] = []
  /** What every export waits for. */
  exported: Promise<void> = Promise.resolve()
  #drained = Promise.withResolvers<undefined>()

  receive(): Promise<never> {
    return Promise.reject(new AppError('unexpected'))
  }

  list(): readonly UploadInfo[] {
    return this.uploads
  }

  totals(): UploadTotals {
    const pending = this.uploads.filter(({ state }) => state !== 'attention')
    return {
      ...noUploads,
      pending: pending.length,
      pendingBytes: pending.reduce((sum, { size }) => sum + size, 0),
      attention: this.uploads.length - pending.length,
    }
  }

  /** Nothing is pending any more. */
  finish(): void {
    this.uploads = this.uploads.filter(({ state }) => state === 'attention')
    this.#drained.resolve(undefined)
    this.#drained = Promise.withResolvers()
  }

  wake(): void {
    this.acts.push('wake')
  }

  retry(id: number): void {
    this.#actOn('retry', id)
  }

  discard(id: number): Promise<void> {
    return Promise.resolve().then(() => this.#actOn('discard', id))
  }

  async exportTo(id: number, destinationPath: string): Promise<void> {
    await this.exported
    this.#actOn(`export ${destinationPath}`, id)
  }

  async drained(signal: AbortSignal): Promise<void> {
    if (this.totals().pending === 0) return
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    signal.addEventListener('abort', () => reject(new AppError('cancelled')), { once: true })
    await Promise.race([this.#drained.promise, aborted])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }

  #actOn(what: string, id: number): void {
    if (!this.uploads.some((upload) => upload.id === id)) throw new AppError('upload-unknown', { id })
    this.acts.push(`${what} ${id}`)
  }
}
