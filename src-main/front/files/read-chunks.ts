import type { AppError } from '../../shared/errors.ts'
import type { VfsPath } from '../vfs/path.ts'
import { cancelled } from './abort.ts'
import { fromErrno } from './errno.ts'
import { close, read } from './fs-calls.ts'

/** Large enough that a trip through the thread pool costs little against the bytes it brings. */
const chunkBytes = 1024 * 1024

export interface ReadSpan {
  readonly fd: number
  /** Of the first byte. */
  readonly position: number
  readonly length: number
}

/**
 * The bytes of an open file from `position` on, as `Chunks`: two buffers take turns, so one is read into while the
 * consumer has the other. Takes over the descriptor and closes it after the last byte, on the first failure, on
 * `return`, on `close` and on abort; a read that is under way ends first, because its descriptor's number must not be
 * given to another file meanwhile.
 *
 * A file that ends before its length fails with `backend-failed`: a consumer never takes a part for the whole.
 */
export class ReadChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #path: VfsPath
  readonly #fd: number
  readonly #end: number
  readonly #signal: AbortSignal
  readonly #onAbort = (): void => void this.#closeDescriptor()
  readonly #buffers: Buffer[] = []
  readonly #closed = Promise.withResolvers<undefined>()
  #position: number
  #turn = 0
  #givenBack = false
  #ahead: Promise<Uint8Array> | undefined
  #closing: Promise<void> | undefined
  #rejectNext: ((error: AppError) => void) | undefined

  constructor(span: ReadSpan, path: VfsPath, signal: AbortSignal) {
    this.#path = path
    this.#fd = span.fd
    this.#position = span.position
    this.#end = span.position + span.length
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort, { once: true })
    if (signal.aborted || span.length === 0) void this.#closeDescriptor()
  }

  /** Resolves when the descriptor is closed, for whatever reason. */
  get closed(): Promise<void> {
    return this.#closed.promise
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#signal.aborted) throw cancelled(this.#signal)
    const reading = this.#ahead ?? this.#readAhead()
    if (reading === undefined || this.#givenBack) return { done: true, value: undefined }
    const chunk = await this.#unlessAborted(reading)
    void this.#readAhead()
    return { done: false, value: chunk }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.close()
    return { done: true, value: undefined }
  }

  /** Ends the iteration. Resolves when the descriptor is closed. */
  close(): Promise<void> {
    this.#givenBack = true
    return this.#closeDescriptor()
  }

  #closeDescriptor(): Promise<void> {
    if (this.#closing === undefined) {
      this.#signal.removeEventListener('abort', this.#onAbort)
      if (this.#signal.aborted) this.#rejectNext?.(cancelled(this.#signal))
      const reading = this.#ahead ?? Promise.resolve()
      // Nothing was written through it, so there is nothing that a failed close could have lost.
      const closeNow = (): Promise<void> => close(this.#fd).catch(() => undefined)
      this.#closing = reading.then(closeNow, closeNow)
      void this.#closing.then(() => this.#closed.resolve(undefined))
    }
    return this.#closing
  }

  /** Begins the next chunk; undefined when there is none, or the file is closed. */
  #readAhead(): Promise<Uint8Array> | undefined {
    this.#ahead = undefined
    if (this.#closing !== undefined || this.#position === this.#end) return undefined
    const length = Math.min(chunkBytes, this.#end - this.#position)
    const reading = this.#readFully(this.#takeBuffer(length), this.#position)
    this.#position += length
    this.#ahead = reading
    // It may fail before anybody asks for it, or with nobody asking any more.
    reading.catch(() => undefined)
    return reading
  }

  /** The buffer that the consumer does not have. The second is made only for files that need it. */
  #takeBuffer(length: number): Buffer {
    const turn = this.#turn
    this.#turn = 1 - turn
    const buffer = (this.#buffers[turn] ??= Buffer.allocUnsafe(length))
    return buffer.length === length ? buffer : buffer.subarray(0, length)
  }

  async #readFully(buffer: Buffer, position: number): Promise<Uint8Array> {
    let filled = 0
    try {
      while (filled < buffer.length) {
        const { bytesRead } = await read(this.#fd, buffer, filled, buffer.length - filled, position + filled)
        if (bytesRead === 0) throw new Error(`The file ended at byte ${position + filled}, of ${this.#end}.`)
        filled += bytesRead
      }
    } catch (error) {
      void this.#closeDescriptor()
      throw fromErrno(error, this.#path, 'use')
    }
    if (position + filled === this.#end) void this.#closeDescriptor()
    return buffer
  }

  /** `reading`, or `cancelled` as soon as the signal is aborted. */
  #unlessAborted(reading: Promise<Uint8Array>): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#rejectNext = reject
      reading.then(resolve, reject)
    })
  }
}
