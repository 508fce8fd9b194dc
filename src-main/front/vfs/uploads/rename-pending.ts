import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Call } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import type { Deliveries } from './delivery.ts'
import { uploadsOf, type LiveUpload, type PendingFile } from './pending-index.ts'
import { baseAt, refuseImpossiblePlace } from './place.ts'
import type { QueueParts } from './queue-parts.ts'

/**
 * Moves a file of which nothing is at the backend: a change of its record. What waits at `to` is replaced by it; a delivery there
 * that may have happened is kept in mind. Whoever calls has both trees claimed.
 * @throws AppError `already-exists` (a directory is at `to`), `parent-missing`, `not-found`.
 */
export async function renamePending(
  parts: QueueParts,
  deliveries: Deliveries,
  from: VfsPath,
  to: VfsPath,
  call: Call,
): Promise<PendingFile> {
  const { store, index, promises } = parts
  await refuseImpossiblePlace(parts, to, call).catch((error: unknown) => {
    throw isAppError(error, 'is-a-directory') ? new AppError('already-exists', { path: to }) : error
  })
  const file = index.at(from)
  if (file === undefined) throw new AppError('not-found', { path: from })
  const target = index.at(to)
  const { attention: _, ...record } = file.newest.record
  const moved = { ...record, path: to, base: baseAt(parts, to), attempted: false, attempts: 0 }
  const witness = target === undefined ? undefined : uploadsOf(target).find(({ record }) => record.attempted)
  const gone = [...(target === undefined ? [] : uploadsOf(target)), ...earlierOf(file)]
  for (const upload of gone) upload.record = { ...upload.record, replaced: true }

  store.update([moved, ...gone.map(({ record }) => record)])
  parts.onStep('retarget-committed')
  const removed = gone.filter((upload) => upload !== witness).map(({ record }) => record.id)
  if (removed.length > 0) store.remove(removed)
  for (const known of [file, target]) {
    if (known === undefined) continue
    index.delete(known)
    deliveries.forget(known)
  }
  file.path = to
  file.newest.record = moved
  file.earlier = witness
  index.put(file)
  promises.forgetWithin(from)
  deliveries.schedule(file)
  return file
}

function earlierOf({ earlier }: PendingFile): readonly LiveUpload[] {
  return earlier === undefined ? [] : [earlier]
}
