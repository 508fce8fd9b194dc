import { AppError } from '../../shared/errors.ts'
import type { Chunks } from './backend.ts'
import type { VfsPath } from './path.ts'
import type { Node, OpenedNode } from './vfs.ts'

/*
 * `.metadata_never_index` and `.ql_disablethumbnails` answer when asked for and are not listed, so that no copy of a volume
 * takes them along. Removing one is refused: nothing that works from listings ever tries, and whoever does it by
 * name would believe that Spotlight indexes the volume from then on.
 */

/** An empty file that is always there, as old as the front. */
export function virtualNode(startedMs: number): Node {
  const lastModifiedSec = Math.floor(startedMs / 1_000)
  return { kind: 'file', size: 0, modifiedMs: startedMs, createdMs: startedMs, fileId: 0, lastModifiedSec }
}

export function openVirtual(node: Node): OpenedNode {
  return { node, length: 0, body: noChunks(), close: () => Promise.resolve() }
}

/** Copying one here changes nothing and succeeds; anything but an empty body is refused. */
export async function writeVirtual(path: VfsPath, body: Chunks): Promise<void> {
  for await (const chunk of body) {
    if (chunk.length > 0) throw new AppError('permission-denied', { path })
  }
}

// An empty async iterable has nothing to wait for.
// eslint-disable-next-line @typescript-eslint/require-await
async function* noChunks(): Chunks {
  yield* []
}
