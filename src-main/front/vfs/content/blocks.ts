import type { ByteRange } from '../backend.ts'

/**
 * What is fetched, checked and kept as one: small enough that a few bytes of a large file cost little more than themselves,
 * large enough that five gigabytes are only twenty thousand of them.
 */
export const blockBytes = 256 * 1024

/** Blocks from `first` up to, not including, `end`. */
export interface BlockSpan {
  readonly first: number
  readonly end: number
}

/** Bytes from `start` up to, not including, `end`. */
export interface ByteSpan {
  readonly start: number
  readonly end: number
}

/** The block that the byte at `position` is in. */
export function blockAt(position: number): number {
  return Math.floor(position / blockBytes)
}

export function countBlocks(size: number): number {
  return Math.ceil(size / blockBytes)
}

/** Only a file's last block is shorter than the others. */
export function blockLength(block: number, size: number): number {
  return Math.min(blockBytes, size - block * blockBytes)
}

/** What of a file of `size` bytes `range` means. */
export function bytesIn(range: ByteRange | undefined, size: number): ByteSpan {
  if (range === undefined) return { start: 0, end: size }
  const start = Math.min(range.start, size)
  return { start, end: Math.max(start, Math.min(range.end + 1, size)) }
}

/** The blocks that hold `bytes`. */
export function blocksOf({ start, end }: ByteSpan): BlockSpan {
  const first = blockAt(start)
  return { first, end: start === end ? first : countBlocks(end) }
}

/** The blocks that `range` touches in a file whose size is not known. */
export function blocksAsked(range: ByteRange | undefined): BlockSpan {
  return range === undefined
    ? { first: 0, end: Infinity }
    : { first: blockAt(range.start), end: blockAt(range.end) + 1 }
}

/** What to ask a backend for to get `span`. */
export function rangeOf({ first, end }: BlockSpan): ByteRange | undefined {
  if (end === Infinity && first === 0) return undefined
  return {
    start: first * blockBytes,
    end: end === Infinity ? Number.MAX_SAFE_INTEGER : end * blockBytes - 1,
  }
}

/** `spans`, in order, as at most `limit`: the nearest neighbours become one, what lies between them included. */
export function joinNearest(spans: readonly BlockSpan[], limit: number): readonly BlockSpan[] {
  const joined = [...spans]
  while (joined.length > limit) {
    const distances = joined.slice(1).map((span, index) => span.first - (joined[index]?.end ?? 0))
    const index = distances.indexOf(Math.min(...distances))
    const [before, after] = joined.slice(index, index + 2)
    if (before === undefined || after === undefined) break
    joined.splice(index, 2, { first: before.first, end: after.end })
  }
  return joined
}
