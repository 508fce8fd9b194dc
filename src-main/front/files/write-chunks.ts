import { AppError } from '../../shared/errors.ts'
import type { Chunks } from '../vfs/backend.ts'
import { cancelled } from './abort.ts'
import { write } from './fs-calls.ts'

/** What is gathered before it is written: a network body comes in pieces of 64 KiB or less, and each write has its price. */
const batchBytes = 1024 * 1024

/** A batch that turns out too small grows by this much: most bodies are small, and so are the pieces of theirs. */
const growth = 4
const smallestGrownBytes = 64 * 1024

/**
 * Writes all of `body` from the start of an open file, gathered into large writes; one batch fills while another is
 * being written. A body of a single chunk is one write.
 *
 * Ends the iteration of `body` when it fails. @throws `cancelled` as soon as `signal` is aborted while the body is
 * waited for, otherwise after the write under way; the body's own AppError, `body-incomplete` for any other error of
 * it; an errno error.
 */
export async function writeChunks(fd: number, body: Chunks, signal: AbortSignal): Promise<void> {
  const batches = new BatchWriter(fd)
  const chunks = new AbortableChunks(body, signal)
  try {
    for (;;) {
      const chunk = await chunks.next()
      if (chunk === undefined) break
      // Batches have room for most chunks, and a body has many.
      const adding = batches.add(chunk)
      if (adding !== undefined) await adding
    }
    await batches.flush()
  } catch (error) {
    chunks.abandon()
    throw error
  } finally {
    chunks[Symbol.dispose]()
    await batches.settled()
  }
}

/** The chunks of a body, asked for one at a time; whoever waits for one need not wait longer than `signal`. */
class AbortableChunks implements Disposable {
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #signal: AbortSignal
  #reject: ((error: AppError) => void) | undefined
  readonly #onAbort = (): void => this.#reject?.(cancelled(this.#signal))

  constructor(body: Chunks, signal: AbortSignal) {
    this.#chunks = body[Symbol.asyncIterator]()
    this.#signal = signal
    // Once for the whole body: an abort signal is slow to come and go with each of its chunks.
    signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  next(): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#signal.aborted) {
        reject(cancelled(this.#signal))
        return
      }
      this.#reject = reject
      this.#chunks.next().then(
        (next) => resolve(next.done === true ? undefined : next.value),
        (error: unknown) =>
          reject(error instanceof AppError ? error : new AppError('body-incomplete', {}, { cause: error })),
      )
    })
  }

  /** Ends the body early. Not waited for: one that hangs would hold its own end back, too. */
  abandon(): void {
    this.#chunks.return?.().catch(() => undefined)
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}

/** Copies chunks, whose memory is lent, into batches of its own and writes them in order, one at a time. */
class BatchWriter {
  readonly #fd: number
  #position = 0
  #batch: Buffer | undefined
  #filled = 0
  #spare: Buffer | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(fd: number) {
    this.#fd = fd
  }

  /** When it resolves, or when it returns nothing to wait for, `chunk` may be written over. */
  add(chunk: Uint8Array): Promise<void> | undefined {
    const batch = this.#batch
    if (batch === undefined || batch.length - this.#filled < chunk.length) return this.#addInParts(chunk)
    batch.set(chunk, this.#filled)
    this.#filled += chunk.length
    return undefined
  }

  async #addInParts(chunk: Uint8Array): Promise<void> {
    if (chunk.length >= batchBytes) {
      await this.flush()
      await this.#write(chunk)
      return
    }
    let rest = chunk
    while (rest.length > 0) {
      const batch = await this.#batchWithRoom(rest.length)
      const count = Math.min(rest.length, batch.length - this.#filled)
      batch.set(count === rest.length ? rest : rest.subarray(0, count), this.#filled)
      this.#filled += count
      rest = rest.subarray(count)
    }
  }

  /** Resolves when all that was added is written. */
  async flush(): Promise<void> {
    await this.#startWriting()
    await this.#writing
  }

  /** Resolves when nothing is being written any more, well or badly. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined)
  }

  /** The first batch is as large as the first chunk, which is often the only one; further chunks make it grow. */
  async #batchWithRoom(wantedBytes: number): Promise<Buffer> {
    if (this.#batch !== undefined && this.#filled === this.#batch.length) {
      if (this.#batch.length === batchBytes) {
        await this.#startWriting()
      } else {
        const wanted = Math.max(smallestGrownBytes, this.#batch.length * growth)
        const grown = Buffer.allocUnsafeSlow(Math.min(batchBytes, wanted))
        grown.set(this.#batch)
        this.#batch = grown
      }
    }
    // Not from Node's pool: a piece of that which lives on keeps the whole of it.
    this.#batch ??= Buffer.allocUnsafeSlow(this.#position === 0 ? wantedBytes : batchBytes)
    return this.#batch
  }

  /** Hands the batch over to be written, once the one before it is. */
  async #startWriting(): Promise<void> {
    await this.#writing
    if (this.#batch === undefined || this.#filled === 0) return
    const batch = this.#batch
    this.#writing = this.#write(batch.subarray(0, this.#filled))
    // Its failure is reported by whoever waits for it next.
    this.#writing.catch(() => undefined)
    // The one before it is written by now, so its buffer is free.
    this.#batch = this.#spare
    this.#spare = batch
    this.#filled = 0
  }

  async #write(bytes: Uint8Array): Promise<void> {
    let position = this.#position
    this.#position += bytes.length
    for (let rest = bytes; rest.length > 0;) {
      const { bytesWritten } = await write(this.#fd, rest, 0, rest.length, position)
      position += bytesWritten
      rest = rest.subarray(bytesWritten)
    }
  }
}
