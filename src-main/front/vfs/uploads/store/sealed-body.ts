import { crc32 } from 'node:zlib'

import type { Chunks } from '../../backend.ts'
import type { UploadRecord } from '../upload.ts'
import { encodeTrailer, type SpooledUpload } from './spool-trailer.ts'

/**
 * A body as it goes into its file: counted, summed up, and followed by its trailer. Written out as an iterator so that a
 * `return` reaches a body that hangs, which a generator would hold back.
 */
export class SealedBody implements AsyncIterableIterator<Uint8Array> {
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #takeRoom: (bytes: number) => void
  readonly #makeRecord: (size: number) => UploadRecord
  #size = 0
  #crc = 0
  #sealed: SpooledUpload | undefined

  /** `takeRoom` is asked before each chunk is handed on, and refuses by throwing. */
  constructor(body: Chunks, takeRoom: (bytes: number) => void, makeRecord: (size: number) => UploadRecord) {
    this.#chunks = body[Symbol.asyncIterator]()
    this.#takeRoom = takeRoom
    this.#makeRecord = makeRecord
  }

  /** Bytes of the body so far, for which room was taken. */
  get size(): number {
    return this.#size
  }

  /** What the file is then, once all of it was handed on. */
  get upload(): SpooledUpload {
    if (this.#sealed === undefined) throw new Error('the body has not ended')
    return this.#sealed
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#sealed !== undefined) return { done: true, value: undefined }
    const next = await this.#chunks.next()
    if (next.done === true) return { done: false, value: this.#seal() }
    this.#takeRoom(next.value.length)
    this.#size += next.value.length
    this.#crc = crc32(next.value, this.#crc)
    return { done: false, value: next.value }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.#chunks.return?.()
    return { done: true, value: undefined }
  }

  #seal(): Uint8Array {
    const record = this.#makeRecord(this.#size)
    const trailer = encodeTrailer(record, this.#size, this.#crc)
    const fileBytes = this.#size + trailer.length
    this.#sealed = { record, body: { size: this.#size, crc: this.#crc, fileBytes } }
    return trailer
  }
}
