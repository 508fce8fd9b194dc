import type { ByteRange } from '../../backend.ts'
import { blockBytes, countBlocks } from '../blocks.ts'

const smallestPieceBytes = 8 * blockBytes
/** A piece is this many times what was read before it: the pieces of any file are few, and none is asked for on little evidence. */
const growth = 4

/** Tells from a file's ranged requests whether somebody reads it from front to back: each begins where the one before has ended. */
export class Sequence {
  #start = 0
  #expectedStart: number | undefined
  #isInOrder = false

  /** Where the first of the requests in order began. */
  get start(): number {
    return this.#start
  }

  /** Whether the last request followed the one before. */
  get isInOrder(): boolean {
    return this.#isInOrder
  }

  note({ start, end }: ByteRange): void {
    this.#isInOrder = start === this.#expectedStart
    if (!this.#isInOrder) this.#start = start
    this.#expectedStart = end + 1
  }

  /** Whatever comes next is out of order. */
  breakOff(): void {
    this.#isInOrder = false
    this.#expectedStart = undefined
  }

  /** How many blocks to ask the backend for at once, when the next one to fetch begins at `position`. */
  pieceAt(position: number): number {
    return countBlocks(Math.max(smallestPieceBytes, growth * (position - this.#start)))
  }
}
