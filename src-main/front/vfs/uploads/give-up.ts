import type { AppError } from '../../../shared/errors.ts'
import { idsOf, type PendingFile } from './pending-index.ts'
import type { QueueParts } from './queue-parts.ts'

/** `files` will not be delivered: their uploads go, here and in the store, and `reason` is told to whoever waits for one. */
export function giveUp(parts: QueueParts, files: readonly PendingFile[], reason: AppError): void {
  if (files.length === 0) return
  parts.store.remove(idsOf(files))
  for (const file of files) {
    const { record, settled } = file.newest
    parts.index.delete(file)
    parts.promises.noteGivenUp(record.promised, record.base)
    file.newest.settled = undefined
    settled?.reject(reason)
  }
  parts.noteProgress()
}

/** What became of the earlier upload is known, or no longer matters. */
export function dropEarlier({ store, index }: QueueParts, file: PendingFile): void {
  const id = file.earlier?.record.id
  if (id === undefined) return
  store.remove([id])
  file.earlier = undefined
  index.forget(id)
}
