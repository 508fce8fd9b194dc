import { blockBytes, type ByteSpan } from '../blocks.ts'

const firstAheadBytes = 2 * blockBytes
const mostAheadBytes = 32 * blockBytes

/**
 * Tells from a file's ranged requests whether somebody reads it from front to back. What pays to have ready for the next request
 * begins small with the second one in order, doubles with each further one, and is nothing again after a jump.
 */
export class Sequence {
  #expectedStart: number | undefined
  #aheadBytes = 0

  /** Takes note of a request. @returns how many bytes after its end are worth having. */
  note({ start, end }: ByteSpan): number {
    if (start !== this.#expectedStart) this.#aheadBytes = 0
    else this.#aheadBytes = Math.min(Math.max(firstAheadBytes, this.#aheadBytes * 2), mostAheadBytes)
    this.#expectedStart = end
    return this.#aheadBytes
  }
}
