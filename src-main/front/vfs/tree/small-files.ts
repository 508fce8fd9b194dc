import { LRUCache } from 'lru-cache'

import type { ByteRange, Chunks } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import type { Node, OpenedNode } from '../vfs.ts'
import { isSameVersion } from './stamps.ts'

/** Icons, sources, settings: what is read over and over. Larger files gain little, their bytes are the cost. */
const maxFileBytes = 64 * 1024
const maxTotalBytes = 8 * 1024 * 1024

interface Kept {
  readonly node: Node
  readonly bytes: Buffer
}

/**
 * The content of small files in memory, by path and version. Within the time that attributes are good for, reading one again
 * asks the backend nothing; five calls into the system are most of what serving 4 KB from a disk costs.
 */
export class SmallFiles {
  readonly #kept = new LRUCache<VfsPath, Kept>({
    maxSize: maxTotalBytes,
    sizeCalculation: ({ bytes }) => bytes.length + 256,
  })

  /** The content of exactly this version, or undefined. */
  open(path: VfsPath, node: Node, range: ByteRange | undefined): OpenedNode | undefined {
    const kept = this.#kept.get(path)
    if (kept === undefined || !isSameVersion(kept.node, node)) return undefined
    const bytes = range === undefined ? kept.bytes : kept.bytes.subarray(range.start, range.end + 1)
    return { node, length: bytes.length, body: onlyChunk(bytes), close: () => Promise.resolve() }
  }

  /** The same file, kept once it has been read to its end. Pass whole files only, not ranges. */
  keepOnceRead(path: VfsPath, opened: OpenedNode): OpenedNode {
    if (opened.length > maxFileBytes) return opened
    return { ...opened, body: this.#copying(path, opened) }
  }

  async *#copying(path: VfsPath, { node, length, body }: OpenedNode): Chunks {
    const copy = Buffer.allocUnsafe(length)
    let filled = 0
    for await (const chunk of body) {
      copy.set(chunk, filled)
      filled += chunk.length
      // Whoever has all the bytes need not ask whether there are more.
      if (filled === length) this.#kept.set(path, { node, bytes: copy })
      yield chunk
    }
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- nothing to wait for: it is in memory
async function* onlyChunk(bytes: Buffer): Chunks {
  if (bytes.length > 0) yield bytes
}
