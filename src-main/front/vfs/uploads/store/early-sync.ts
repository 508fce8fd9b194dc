import { fsync } from '../../../files/fs-calls.ts'

/** Small enough that the last sync is short, large enough that there are few. */
const everyBytes = 32 * 1024 * 1024

/** Syncs a large file while it still grows, so that the disk has little left to do when it is whole. */
export class EarlySync {
  readonly #fd: number
  #unsyncedBytes = 0
  #running: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(fd: number) {
    this.#fd = fd
  }

  /** `bytes` more are being written. */
  grew(bytes: number): void {
    this.#unsyncedBytes += bytes
    if (this.#unsyncedBytes < everyBytes || this.#running !== undefined) return
    this.#unsyncedBytes = 0
    this.#running = fsync(this.#fd)
      // The system tells of a failure once: a later sync of the same file would succeed.
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .finally(() => {
        this.#running = undefined
      })
  }

  /** Resolves when the file may be closed. */
  async settled(): Promise<void> {
    await this.#running
  }

  /** Syncs what is left. @throws an errno error, also of an earlier sync. */
  async finish(): Promise<void> {
    await this.#running
    await fsync(this.#fd)
    if (this.#failure !== undefined) throw this.#failure.error
  }
}
