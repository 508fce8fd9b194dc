import { constants } from 'node:fs'
import { crc32 } from 'node:zlib'

import { close, open, read, write } from '../../../files/fs-calls.ts'
import { blockBytes, blockLength } from '../blocks.ts'

/**
 * The file on the Mac's disk that holds blocks of one cached file, each at the place it has in the original; between them are
 * holes. Opened by the first access. What it throws are plain errno errors.
 */
export class BlockFile {
  readonly #filePath: string
  readonly #size: number
  #fd: Promise<number> | undefined

  /** `size` is that of the original. */
  constructor(filePath: string, size: number) {
    this.#filePath = filePath
    this.#size = size
  }

  async write(block: number, bytes: Uint8Array): Promise<void> {
    const fd = await this.#open()
    for (let done = 0; done < bytes.length;) {
      done += (await write(fd, bytes, done, bytes.length - done, block * blockBytes + done)).bytesWritten
    }
  }

  /**
   * Reads as many blocks from `first` on as `checksums` are given for, into `buffer`.
   * @returns how many of them are, from the first on, what they were when they were written.
   */
  async read(first: number, checksums: readonly number[], buffer: Buffer): Promise<number> {
    const fd = await this.#open()
    const start = first * blockBytes
    const length = Math.min(checksums.length * blockBytes, this.#size - start)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await read(fd, buffer, filled, length - filled, start + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    const isIntact = (checksum: number, index: number): boolean => {
      const end = index * blockBytes + blockLength(first + index, this.#size)
      return end <= filled && crc32(buffer.subarray(index * blockBytes, end)) === checksum
    }
    const damaged = checksums.findIndex((checksum, index) => !isIntact(checksum, index))
    return damaged === -1 ? checksums.length : damaged
  }

  /** Waits for nothing: no read or write may be under way. */
  async close(): Promise<void> {
    const fd = await this.#fd?.catch(() => undefined)
    this.#fd = undefined
    if (fd !== undefined) await close(fd)
  }

  #open(): Promise<number> {
    return (this.#fd ??= open(this.#filePath, constants.O_RDWR | constants.O_CREAT, 0o600).catch(
      (error: unknown) => {
        this.#fd = undefined
        throw error
      },
    ))
  }
}
