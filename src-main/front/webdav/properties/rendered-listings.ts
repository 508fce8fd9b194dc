import { LRUCache } from 'lru-cache'

import type { Directory } from '../../vfs/vfs.ts'

/** Rendering 10,000 entries costs tens of milliseconds and the same folder is asked for again and again. */
const maxBytes = 16 * 1024 * 1024

/**
 * Rendered listings, kept for as long as the vfs returns the same `Directory` object for a folder, i.e. nothing in it changed.
 * Bounded by bytes, the least recently used goes first.
 */
export class RenderedListings {
  readonly #byDirectory = new LRUCache<
    Directory,
    { readonly key: string; readonly pieces: readonly Buffer[] }
  >({
    maxSize: maxBytes,
    sizeCalculation: ({ pieces }) => byteLength(pieces) + 1,
  })

  /** The pieces kept for exactly this question; one per folder, since a folder is mostly asked one question. */
  get(directory: Directory, key: string): readonly Buffer[] | undefined {
    const kept = this.#byDirectory.get(directory)
    return kept?.key === key ? kept.pieces : undefined
  }

  keep(directory: Directory, key: string, pieces: readonly Buffer[]): void {
    this.#byDirectory.set(directory, { key, pieces })
  }
}

export function byteLength(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0)
}
