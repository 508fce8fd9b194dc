import { AppError } from '../../../shared/errors.ts'
import type { VfsPath } from '../path.ts'
import type { Deliveries } from './delivery.ts'
import { giveUp } from './give-up.ts'
import { look } from './place.ts'
import type { QueueParts } from './queue-parts.ts'
import { untilAnswered } from './until-answered.ts'
import type { TreeIntent } from './upload-store.ts'

/** The backend has removed `path`: the uploads at and below it go, too. */
export function dropWithin(parts: QueueParts, deliveries: Deliveries, path: VfsPath): void {
  const gone = parts.index.within(path)
  giveUp(parts, gone, new AppError('cancelled'))
  for (const file of gone) deliveries.forget(file)
  parts.promises.forgetWithin(path)
}

/**
 * Finds out whether a removal with an unknown end has happened, and does what is left of it: uploads below would wait for a
 * parent that is gone, and come back with the next directory of that name. Whoever calls has the tree claimed.
 */
export async function settleRemoval(
  parts: QueueParts,
  deliveries: Deliveries,
  intent: TreeIntent,
): Promise<void> {
  const there = await untilAnswered(parts, (call) => look(parts.backend, intent.from, call))
  if (there === 'nothing') dropWithin(parts, deliveries, intent.from)
  parts.store.removeIntent(intent)
  parts.onChanged(intent.from)
}
