import type { BufferPool } from './buffer-pool.ts'
import { write } from './fs-calls.ts'
import type { Task } from './task.ts'

/**
 * Gathers the pieces of a body, which come in 64 KiB, into blocks, and writes them in order, one at a time: one block fills while another
 * is being written. Whoever makes one ends it by `settled`.
 */
export class BatchWriter {
  readonly #fd: number
  readonly #task: Task
  readonly #pool: BufferPool
  #position = 0
  #batch: Buffer | undefined
  #filled = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(fd: number, task: Task, pool: BufferPool) {
    this.#fd = fd
    this.#task = task
    this.#pool = pool
  }

  /** How many bytes were added. */
  get length(): number {
    return this.#position + this.#filled
  }

  /** Resolves when there is room for more. @throws what an earlier write failed with. */
  async add(piece: Uint8Array): Promise<void> {
    for (let rest = piece; rest.length > 0;) {
      const batch = (this.#batch ??= this.#pool.take())
      const count = Math.min(rest.length, batch.length - this.#filled)
      batch.set(rest.subarray(0, count), this.#filled)
      this.#filled += count
      rest = rest.subarray(count)
      if (this.#filled === batch.length) await this.#startWriting()
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
    if (this.#batch !== undefined) this.#pool.giveBack(this.#batch)
    this.#batch = undefined
  }

  async #startWriting(): Promise<void> {
    await this.#writing
    const batch = this.#batch
    if (batch === undefined || this.#filled === 0) return
    this.#writing = this.#write(batch, this.#filled, this.#position)
    // Its failure is reported by whoever waits for it next.
    this.#writing.catch(() => undefined)
    this.#position += this.#filled
    this.#batch = undefined
    this.#filled = 0
  }

  async #write(batch: Buffer, length: number, start: number): Promise<void> {
    try {
      for (let written = 0; written < length;) {
        const from = written
        const { bytesWritten } = await this.#task.run(() =>
          write(this.#fd, batch, from, length - from, start + from),
        )
        written += bytesWritten
      }
    } finally {
      this.#pool.giveBack(batch)
    }
  }
}
