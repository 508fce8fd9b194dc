import { crc32 } from 'node:zlib'

import { AppError } from '../../../../shared/errors.ts'
import { errnoOf } from '../../../files/errno.ts'
import type { ReadChunks } from '../../../files/read-chunks.ts'
import { passesByItself } from './disk-errors.ts'

/** What a whole body must come to. */
export interface Expected {
  readonly size: number
  readonly crc: number
}

/**
 * A body as it is read back. Where all of it is read its checksum is compared before the last chunk is handed out, so that
 * whoever reads never holds a damaged body for a whole one. `next` throws `upload-damaged` {path}, also when the disk cannot read it.
 */
export class VerifiedBody implements AsyncIterableIterator<Uint8Array> {
  readonly #chunks: ReadChunks
  readonly #path: string
  readonly #expected: Expected | undefined
  #size = 0
  #crc = 0

  /** Without `expected`, which only the whole body has, nothing is compared. */
  constructor(chunks: ReadChunks, path: string, expected: Expected | undefined) {
    this.#chunks = chunks
    this.#path = path
    this.#expected = expected
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const next = await this.#chunks.next().catch((error: unknown) => {
      throw damagedUnlessPassing(error, this.#path)
    })
    if (next.done === true || this.#expected === undefined) return next
    this.#size += next.value.length
    this.#crc = crc32(next.value, this.#crc)
    if (this.#size === this.#expected.size && this.#crc !== this.#expected.crc) {
      await this.#chunks.close()
      throw new AppError('upload-damaged', { path: this.#path })
    }
    return next
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    return this.#chunks.return()
  }
}

/** Why a body could not be read: it is damaged, unless the reason lies in this process and passes. */
export function damagedUnlessPassing(error: unknown, path: string): AppError {
  if (error instanceof AppError && (error.code === 'cancelled' || error.code === 'stalled')) return error
  if (passesByItself(errnoOf(error))) return new AppError('stalled', {}, { cause: error })
  return new AppError('upload-damaged', { path }, { cause: error })
}
