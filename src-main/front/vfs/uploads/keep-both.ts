import { AppError } from '../../../shared/errors.ts'
import type { Attributes, Call } from '../backend.ts'
import { joinPath, nameOf, parentOf, type VfsPath } from '../path.ts'
import { conflictName } from './conflict-name.ts'
import type { LiveUpload, PendingFile } from './pending-index.ts'
import { look } from './place.ts'
import type { QueueParts } from './queue-parts.ts'

const maxNamesTried = 100

/**
 * Somebody else has changed `file.path`: theirs stays there and the upload goes on under a name beside it, as an upload of its
 * own. That is one change of its record, so a crash keeps it at one place or the other and never makes two of it.
 * Changes nothing when a newer upload has come meanwhile; that one inherits the question.
 * @returns the file it goes on as, or undefined.
 */
export async function keepBoth(
  parts: QueueParts,
  file: PendingFile,
  upload: LiveUpload,
  theirs: Attributes,
  call: Call,
): Promise<PendingFile | undefined> {
  const { store, index, promises } = parts
  const { path } = file
  const keptAs = await freePath(parts, path, call)
  while (parts.accepting.has(path)) await parts.accepting.get(path)
  if (file.newest !== upload) return undefined

  const { base, promised, id } = upload.record
  const { lastError: _, ...record } = upload.record
  const moved = { ...record, path: keptAs, base: 'nothing', attempted: false, attempts: 0 } as const
  store.update([moved])
  const witness = file.earlier?.record.id
  if (witness !== undefined) store.remove([witness])
  index.delete(file)
  upload.record = moved
  const kept: PendingFile = { path: keptAs, newest: upload, earlier: undefined }
  index.put(kept)
  promises.noteGivenUp(promised, base)
  parts.totals.conflicts++
  parts.emit({ type: 'conflict', id, path, keptAs })
  parts.onChanged(path)
  parts.onChanged(keptAs)
  upload.settled?.resolve(promises.shown(path, theirs))
  upload.settled = undefined
  return kept
}

async function freePath(parts: QueueParts, path: VfsPath, call: Call): Promise<VfsPath> {
  const { clock, hostName, index, backend } = parts
  for (let attempt = 1; attempt <= maxNamesTried; attempt++) {
    const candidate = joinPath(parentOf(path), conflictName(nameOf(path), hostName, clock.now(), attempt))
    if (index.at(candidate) === undefined && (await look(backend, candidate, call)) === 'nothing')
      return candidate
  }
  throw new AppError('already-exists', { path })
}
