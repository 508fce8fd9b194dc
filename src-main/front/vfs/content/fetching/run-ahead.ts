import { blockAt } from '../blocks.ts'

/** A reader that has just begun may be gone again after its first bytes: Quick Look is. */
const firstBlocks = 4
const mostBlocks = 32
/** While blocks must stay in memory. */
const blocksWithoutRoom = 8

export interface Pace {
  /** Where it began to read in order. */
  readonly start: number
  readonly position: number
  /** Whether what is fetched goes to the disk. */
  readonly hasRoom: boolean
}

/**
 * The first block that who reads in order has no use for yet: fetches go as far ahead as it has come, within bounds. What a slow
 * reader does not take is not read from the backend either.
 */
export function limitFor({ start, position, hasRoom }: Pace): number {
  const block = blockAt(position)
  if (!hasRoom) return block + blocksWithoutRoom
  return block + 1 + Math.max(firstBlocks, Math.min(block - blockAt(start), mostBlocks))
}
