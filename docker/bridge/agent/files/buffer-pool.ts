/** One `rsize` and `wsize` of S3 Files' mount options: a call becomes one request to the server. */
export const blockBytes = 1024 * 1024

/**
 * Blocks to read into and write from, used again: allocating and clearing a megabyte for each would cost as much as copying it. Keeps
 * at most `keptBlocks` that nobody uses.
 */
export class BufferPool {
  readonly #free: Buffer[] = []
  readonly #keptBlocks: number

  constructor(keptBlocks: number) {
    this.#keptBlocks = keptBlocks
  }

  /** A whole block, or for fewer bytes a buffer of its own. Its content is whatever was there. */
  take(wantedBytes = blockBytes): Buffer {
    if (wantedBytes < blockBytes) return Buffer.allocUnsafe(wantedBytes)
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(blockBytes)
  }

  /** Nobody may read or write `buffer` any more. */
  giveBack(buffer: Buffer): void {
    if (buffer.length === blockBytes && this.#free.length < this.#keptBlocks) this.#free.push(buffer)
  }
}
