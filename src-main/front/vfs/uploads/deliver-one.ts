import { AppError, isAppError, toAppError } from '../../../shared/errors.ts'
import type { Attributes, Call } from '../backend.ts'
import { parentOf } from '../path.ts'
import { keepBoth } from './keep-both.ts'
import { dropEarlier } from './give-up.ts'
import { makeMissingFolders } from './missing-folders.ts'
import type { LiveUpload, PendingFile } from './pending-index.ts'
import { look } from './place.ts'
import { isSameContent } from './promised-attributes.ts'
import type { QueueParts } from './queue-parts.ts'
import { asDelivered } from './same-content.ts'
import { SentBody } from './sent-body.ts'
import { isOpenEnded } from './transient.ts'
import type { BaseVersion } from './upload.ts'

/**
 * Brings the newest upload of `file` to the backend: a look whether the path still has the version the upload is based on,
 * and the write. A newer upload that is accepted before the write begins takes over; one that is accepted later waits, and
 * its base becomes what this delivery leaves behind.
 * @returns the file it goes on as, when somebody else has changed the path and both are kept.
 * @throws AppError; `cancelled` when `stop` aborts.
 */
export async function deliverOne(
  parts: QueueParts,
  file: PendingFile,
  stop: AbortSignal,
): Promise<PendingFile | undefined> {
  const upload = file.newest
  const call = { signal: stop }
  upload.isDelivering = true
  upload.sentBytes = 0
  try {
    const there = await lookAtTarget(parts, file, call)
    if (typeof there === 'string' || isBase(upload, there)) dropEarlier(parts, file)
    else if (!(await takeOverFromEarlier(parts, file, there, call))) {
      const delivered = await asDelivered(parts, upload, there, call)
      if (delivered === undefined) return await keepBoth(parts, file, upload, there, call)
      await commit(parts, file, upload, delivered)
      return undefined
    }
    await writeIntoFolder(parts, file, upload, stop)
    return undefined
  } finally {
    upload.isDelivering = false
  }
}

/** A folder that somebody else has removed is made anew, as it would be had they removed just the file. */
async function writeIntoFolder(
  parts: QueueParts,
  file: PendingFile,
  upload: LiveUpload,
  stop: AbortSignal,
): Promise<void> {
  try {
    await write(parts, file, upload, stop)
  } catch (error) {
    if (!isAppError(error, 'parent-missing')) throw error
    await makeMissingFolders(parts, parentOf(file.path), { signal: stop })
    if (file.newest === upload) await write(parts, file, upload, stop)
  }
}

/** Whoever saved without having looked means to replace whatever is there: nothing to compare with. */
async function lookAtTarget(
  { backend }: QueueParts,
  { path, newest }: PendingFile,
  call: Call,
): Promise<BaseVersion> {
  return newest.record.base === 'unknown' ? 'unknown' : look(backend, path, call)
}

function isBase({ record: { base } }: LiveUpload, there: Attributes): boolean {
  return typeof base === 'object' && isSameContent(base, there)
}

/** When the delivery of the earlier upload did happen, what it left behind is what the newest one is based on. */
async function takeOverFromEarlier(
  parts: QueueParts,
  file: PendingFile,
  there: Attributes,
  call: Call,
): Promise<boolean> {
  const landed = file.earlier && (await asDelivered(parts, file.earlier, there, call))
  if (landed === undefined) return false
  while (parts.accepting.has(file.path)) await parts.accepting.get(file.path)
  rebase(parts, file.newest, landed)
  dropEarlier(parts, file)
  return true
}

function rebase({ store }: QueueParts, upload: LiveUpload, base: Attributes): void {
  upload.record = { ...upload.record, base }
  store.update([upload.record])
}

async function write(
  parts: QueueParts,
  file: PendingFile,
  upload: LiveUpload,
  stop: AbortSignal,
): Promise<void> {
  const source = await openBody(parts, file, upload, stop)
  if (source === undefined) return
  const { attempted } = upload.record
  const sent = new SentBody(source.body, stop, (count) => {
    upload.sentBytes += count
    parts.totals.sent(count)
  })
  try {
    if (!attempted) {
      upload.record = { ...upload.record, attempted: true }
      await parts.store.save(upload.record)
      parts.onStep('attempt-recorded')
    }
    const attributes = await parts.backend.write(file.path, sent.chunks(), { signal: parts.lifetime })
    await commitWritten(parts, file, upload, attributes)
  } catch (error) {
    const failure = toAppError(sent.failure?.error ?? error)
    // Then the old content is known to have stayed, and the next attempt need not look for its own.
    if (!sent.hasEnded || !isOpenEnded(failure)) upload.record = { ...upload.record, attempted }
    throw failure
  } finally {
    await source.close()
  }
}

/** @returns undefined when a newer upload has taken over. */
async function openBody(
  parts: QueueParts,
  file: PendingFile,
  upload: LiveUpload,
  stop: AbortSignal,
): Promise<Awaited<ReturnType<QueueParts['store']['read']>> | undefined> {
  const source = await parts.store
    .read(upload.record.id, undefined, { signal: stop })
    .catch((error: unknown) => toAppError(error))
  while (parts.accepting.has(file.path)) await parts.accepting.get(file.path)
  const isNewest = file.newest === upload
  if (!(source instanceof AppError)) {
    if (isNewest && !stop.aborted) return source
    await source.close()
  }
  if (!isNewest) return undefined
  throw source instanceof AppError ? source : new AppError('cancelled')
}

async function commitWritten(
  parts: QueueParts,
  file: PendingFile,
  upload: LiveUpload,
  attributes: Attributes,
): Promise<void> {
  if (attributes.size !== upload.record.promised.size) {
    // Ours, though not whole: what the next attempt has to replace.
    rebase(parts, upload, attributes)
    throw new AppError('backend-failed', { path: file.path })
  }
  parts.onStep('backend-committed')
  await commit(parts, file, upload, attributes)
}

/** The backend has the upload, as `attributes`. */
async function commit(
  parts: QueueParts,
  file: PendingFile,
  upload: LiveUpload,
  attributes: Attributes,
): Promise<void> {
  while (parts.accepting.has(file.path)) await parts.accepting.get(file.path)
  const { store, index, promises, totals, onStep, emit, clock } = parts
  const { id, promised } = upload.record
  if (file.newest === upload) {
    const delivered = { path: file.path, backend: attributes, promised }
    const witness = file.earlier?.record.id
    store.deliver(witness === undefined ? [id] : [witness, id], delivered)
    promises.noteDelivered(delivered)
    index.delete(file)
  } else {
    // In this order: after a crash between the two, this upload is still there to recognise its content by.
    rebase(parts, file.newest, attributes)
    if (file.earlier === upload) dropEarlier(parts, file)
    onStep('delivery-committed')
  }
  totals.delivered++
  const { size, modifiedMs: acceptedMs } = promised
  emit({ type: 'delivered', id, path: file.path, size, acceptedMs, atMs: clock.now() })
  upload.settled?.resolve(promised)
  upload.settled = undefined
}
