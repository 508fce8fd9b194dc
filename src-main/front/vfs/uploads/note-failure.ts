import type { AppError } from '../../../shared/errors.ts'
import { dropEarlier, giveUp } from './give-up.ts'
import type { LiveUpload, PendingFile } from './pending-index.ts'
import type { QueueParts } from './queue-parts.ts'
import { isTransient, pauseMs } from './transient.ts'

/**
 * A delivery of `upload` has failed. What time may heal is tried again, for ever; of the rest, a person decides, or the client
 * that still waits for its answer.
 * @returns after which pause the file's turn comes again; undefined when it does not by itself.
 */
export async function noteFailure(
  parts: QueueParts,
  file: PendingFile,
  upload: LiveUpload,
  error: AppError,
): Promise<number | undefined> {
  while (parts.accepting.has(file.path)) await parts.accepting.get(file.path)
  if (file.newest !== upload) {
    // Nobody needs it any more, unless the backend may have it all the same.
    if (!upload.record.attempted && file.earlier === upload) dropEarlier(parts, file)
    return isTransient(error) ? pauseMs(error, 1, parts.random) : 0
  }
  const { id, path } = upload.record
  const attempts = upload.record.attempts + 1
  const failure = error.toJSON()
  if (isTransient(error)) {
    const inMs = pauseMs(error, attempts, parts.random)
    upload.record = { ...upload.record, attempts, lastError: failure }
    save(parts, upload)
    parts.emit({ type: 'retrying', id, path, error: failure, inMs })
    return inMs
  }
  if (upload.settled !== undefined) {
    giveUp(parts, [file], error)
    return undefined
  }
  upload.record = { ...upload.record, attempts, lastError: undefined, attention: failure }
  save(parts, upload)
  parts.emit({ type: 'attention', id, path, error: failure })
  return undefined
}

/** That it failed is worth remembering, but not worth failing for: the upload itself is safe. */
function save({ store }: QueueParts, upload: LiveUpload): void {
  try {
    store.update([upload.record])
  } catch {
    // A full disk, say; after a restart it is simply tried again.
  }
}
