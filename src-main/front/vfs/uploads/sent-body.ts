import { AppError } from '../../../shared/errors.ts'
import type { Chunks } from '../backend.ts'

/**
 * An upload's body on its way to the backend, which can be stopped. Stopping makes the body throw: a backend whose body
 * throws has cleaned up when it rejects, so that nothing of the delivery can still happen behind what comes next. Once the
 * backend has all bytes the delivery can no longer be stopped, only waited for.
 */
export class SentBody {
  readonly #body: Chunks
  readonly #stop: AbortSignal
  readonly #onBytes: (count: number) => void
  #failure: { readonly error: unknown } | undefined
  #hasEnded = false

  constructor(body: Chunks, stop: AbortSignal, onBytes: (count: number) => void) {
    this.#body = body
    this.#stop = stop
    this.#onBytes = onBytes
  }

  /** True when the backend was given every byte, and so may have the file. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** What kept the body from being read here; backends report it as some failure of theirs. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  async *chunks(): Chunks {
    try {
      for await (const chunk of this.#body) {
        this.#refuseStopped()
        yield chunk
        this.#onBytes(chunk.length)
      }
      this.#refuseStopped()
      this.#hasEnded = true
    } catch (error) {
      this.#failure = { error }
      throw error
    }
  }

  #refuseStopped(): void {
    if (this.#stop.aborted) throw new AppError('cancelled')
  }
}
