import { blockAt, blockBytes } from '../blocks.ts'

/** A reader that has just begun may be gone again after its first bytes: Quick Look is. */
const firstBlocks = 4
const mostBlocks = 32
/** How far fetches go ahead while blocks must stay in memory. */
const blocksWithoutRoom = 8
/** Each fetch beside the first one brings so much. */
export const laneBlocks = 8
const mostLanes = 6
/** A block that takes longer shows that the backend's latency, not its speed, is what the reader waits for. */
const slowBlockMs = 5

/** How far ahead of one reader its file is fetched, and with how many fetches at once: it grows with what the reader takes and waits for. */
export class RunAhead {
  readonly #startBlock: number
  #lanes = 0

  constructor(start: number) {
    this.#startBlock = blockAt(start)
  }

  /** Fetches beside the one that brings the file in order. */
  get lanes(): number {
    return this.#lanes
  }

  /** The reader has waited for a block that was already on its way, and for which the backend took `forMs`. */
  waited(forMs: number): void {
    if (forMs >= slowBlockMs) this.#lanes = Math.min(Math.max(1, this.#lanes * 2), mostLanes)
  }

  /** Several fetches bring nothing here, because the file is not the same any more. */
  useOne(): void {
    this.#lanes = 0
  }

  /** The first block that a reader at `position` has no use for yet. */
  limit(position: number, hasRoom: boolean): number {
    const block = blockAt(position)
    if (!hasRoom) return block + blocksWithoutRoom
    const taken = Math.max(firstBlocks, Math.min(block - this.#startBlock, mostBlocks))
    return block + 1 + Math.max(taken, (this.#lanes + 1) * laneBlocks)
  }
}

/** The most that is read into memory at once for a reader of blocks on the disk. */
export const readBufferBytes = 4 * blockBytes
