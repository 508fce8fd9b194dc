import { AppError } from '../../../shared/errors.ts'
import type { VfsPath } from '../path.ts'
import type { Deliveries } from './delivery.ts'
import { giveUp } from './give-up.ts'
import { inTheWayOf } from './missing-folders.ts'
import type { PendingFile } from './pending-index.ts'
import { look } from './place.ts'
import type { QueueParts } from './queue-parts.ts'
import { untilAnswered } from './until-answered.ts'
import type { TreeIntent } from './upload-store.ts'

/** What goes with `path` when that is removed: not what waits below something that is no folder. */
export function goingWith({ index, knownAt }: QueueParts, path: VfsPath): readonly PendingFile[] {
  const known = knownAt(path)
  const isFile = index.at(path) !== undefined || (typeof known === 'object' && known.kind === 'file')
  return index.within(path).filter((file) => file.path === path || (!isFile && inTheWayOf(file) !== path))
}

/** The backend has removed `path`: the uploads at and below it go, too. */
export function dropWithin(parts: QueueParts, deliveries: Deliveries, path: VfsPath): void {
  const gone = goingWith(parts, path)
  giveUp(parts, gone, new AppError('cancelled'))
  for (const file of gone) deliveries.forget(file)
  parts.promises.forgetWithin(path)
}

/**
 * Finds out how far a removal with an unknown end has come, and does what is left of it here: uploads below would wait for a
 * parent that is gone, and make it anew. Whoever calls has the tree claimed.
 */
export async function settleRemoval(
  parts: QueueParts,
  deliveries: Deliveries,
  intent: TreeIntent,
): Promise<void> {
  const dropIfGone = async (path: VfsPath): Promise<void> => {
    const there = await untilAnswered(parts, (call) => look(parts.backend, path, call))
    if (there !== 'nothing') return
    dropWithin(parts, deliveries, path)
    parts.emit({ type: 'removed', path })
  }
  await dropIfGone(intent.from)
  // It may have come half-way.
  const below = parts.index.directoriesWithin(intent.from).filter((path) => path !== intent.from)
  for (const directory of below) await dropIfGone(directory)
  parts.store.removeIntent(intent)
  parts.onChanged(intent.from)
}
