import { VolumeError } from '../errno.ts'

interface Reader {
  readonly endOffset: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** `partial` while bytes arrive and after an early close; only a `complete` copy can be revalidated (webdavfs-403: N:3491-3522). */
export type ContentState = 'empty' | 'downloading' | 'partial' | 'complete'

/** The agent's cache file of one node, kept in memory here: the whole content, or its beginning. */
export class CachedContent {
  state: ContentState = 'empty'
  /** As the server sent it; without it every open downloads again. */
  lastModified: string | undefined
  validatedAtMs = -Infinity
  /** Written to and not yet sent. */
  isDirty = false
  #bytes = Buffer.alloc(0)
  #length = 0
  #readers: Reader[] = []

  get length(): number {
    return this.#length
  }

  /** The bytes so far; valid until the next change. */
  bytes(start = 0, end = this.#length): Buffer {
    return this.#bytes.subarray(start, Math.min(end, this.#length))
  }

  append(chunk: Uint8Array): void {
    this.write(chunk, this.#length)
    this.#wake((reader) => this.#length >= reader.endOffset)
  }

  write(chunk: Uint8Array, offset: number): void {
    const end = offset + chunk.length
    this.#reserve(end)
    this.#bytes.set(chunk, offset)
    this.#length = Math.max(this.#length, end)
  }

  truncate(length: number): void {
    this.#reserve(length)
    this.#bytes.fill(0, Math.min(length, this.#length))
    this.#length = length
  }

  /** All that a 200 will ever bring has arrived, or the file was emptied by the client itself. */
  complete(): void {
    this.state = 'complete'
    this.#wake(() => true)
  }

  /** The download ended early: readers of what did not come get EIO (webdavfs-403: Q:620-627, V:2184-2191). */
  breakOff(reason: string): void {
    this.state = 'partial'
    for (const reader of this.#readers.splice(0)) reader.reject(new VolumeError('EIO', reason))
  }

  /** Resolves when the bytes before `endOffset` are there, or no more will come. @throws VolumeError EIO when the download fails. */
  whenAvailable(endOffset: number): Promise<void> {
    if (this.state !== 'downloading' || this.#length >= endOffset) {
      return this.state === 'partial'
        ? Promise.reject(new VolumeError('EIO', 'the download broke off'))
        : Promise.resolve()
    }
    return new Promise((resolve, reject) => this.#readers.push({ endOffset, resolve, reject }))
  }

  #wake(isServed: (reader: Reader) => boolean): void {
    const served = this.#readers.filter(isServed)
    this.#readers = this.#readers.filter((reader) => !served.includes(reader))
    for (const reader of served) reader.resolve()
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return
    const grown = Buffer.alloc(Math.max(length, this.#bytes.length * 2, 64 * 1024))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}
