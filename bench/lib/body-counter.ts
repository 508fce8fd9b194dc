type ChunkPart = 'size' | 'data' | 'data-end' | 'trailer'

/** Follows one response body to its end by its framing (RFC 9112 §6) and counts its content. */
export class BodyCounter {
  #bytes = 0
  readonly #keep: ((content: Buffer) => void) | undefined
  readonly #isChunked: boolean
  /** Of the whole body, or of the chunk that is being read. */
  #remaining: number
  #part: ChunkPart = 'size'
  #line = ''

  /** @param keep is given every piece of content; it must copy what it wants to have later. */
  constructor(length: number | 'chunked', keep?: (content: Buffer) => void) {
    this.#isChunked = length === 'chunked'
    this.#remaining = length === 'chunked' ? 0 : length
    this.#keep = keep
  }

  /** Content so far, without framing. */
  get bytes(): number {
    return this.#bytes
  }

  /** Takes the next piece; true once the body is complete. @throws on bytes past the end and on broken framing. */
  feed(piece: Buffer): boolean {
    let at = this.#isChunked ? this.#feedChunks(piece) : this.#takeContent(piece, 0)
    const isComplete = this.#isChunked ? at !== undefined : this.#remaining === 0
    at ??= piece.length
    if (isComplete && at < piece.length)
      throw new Error(`${piece.length - at} bytes after the end of a response`)
    return isComplete
  }

  /** Where the body ended in `piece`; `undefined` while it goes on. */
  #feedChunks(piece: Buffer): number | undefined {
    let at = 0
    while (at < piece.length) {
      if (this.#part === 'data') {
        at = this.#takeContent(piece, at)
        if (this.#remaining === 0) this.#part = 'data-end'
        continue
      }
      const lineEnd = piece.indexOf(0x0a, at)
      this.#line += piece.toString('latin1', at, lineEnd < 0 ? piece.length : lineEnd)
      if (lineEnd < 0) return undefined
      at = lineEnd + 1
      if (this.#takeLine()) return at
    }
    return undefined
  }

  /** Acts on a complete line of framing; true at the empty line that ends the body. */
  #takeLine(): boolean {
    const line = this.#line.trimEnd()
    this.#line = ''
    if (this.#part === 'trailer') return line === ''
    if (this.#part === 'data-end') {
      this.#part = 'size'
      return false
    }
    this.#remaining = Number.parseInt(line, 16)
    if (Number.isNaN(this.#remaining))
      throw new Error(`not a chunk size: ${JSON.stringify(line.slice(0, 40))}`)
    this.#part = this.#remaining === 0 ? 'trailer' : 'data'
    return false
  }

  #takeContent(piece: Buffer, from: number): number {
    const to = Math.min(piece.length, from + this.#remaining)
    this.#keep?.(piece.subarray(from, to))
    this.#bytes += to - from
    this.#remaining -= to - from
    return to
  }
}
