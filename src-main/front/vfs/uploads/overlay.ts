import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Attributes, Backend, ByteRange, Call, Listing, OpenedFile } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import type { Deliveries } from './delivery.ts'
import { missingFolderAt, missingFoldersIn, reviveBelow, reviveByListing } from './missing-folders.ts'
import type { PendingFile } from './pending-index.ts'
import type { QueueParts } from './queue-parts.ts'

/**
 * The lookups of the queue's backend: pending uploads laid over what the backend has, delivered ones shown as they were
 * promised, folders shown for as long as something is pending in them. They never wait for a delivery.
 */
export function overlayLookups(
  parts: QueueParts,
  deliveries: Deliveries,
): Pick<Backend, 'list' | 'stat' | 'read' | 'statfs'> {
  const { index, backend } = parts
  return {
    list: (path, call) => list(parts, deliveries, path, call),
    async stat(path, call) {
      const file = index.at(path)
      if (file === undefined) return await statFromBackend(parts, deliveries, path, call)
      if (call.signal.aborted) throw new AppError('cancelled')
      return promisedOf(file)
    },
    read: (path, range, call) => read(parts, path, range, call),
    statfs: (call) => backend.statfs(call),
  }
}

async function statFromBackend(
  parts: QueueParts,
  deliveries: Deliveries,
  path: VfsPath,
  call: Call,
): Promise<Attributes> {
  const { backend, promises } = parts
  try {
    const there = await backend.stat(path, call)
    if (there.kind === 'directory') reviveBelow(parts, deliveries, path)
    return promises.shown(path, there)
  } catch (error) {
    return orMissingFolder(parts, path, error)
  }
}

async function list(parts: QueueParts, deliveries: Deliveries, path: VfsPath, call: Call): Promise<Listing> {
  const { index, promises } = parts
  if (index.at(path) !== undefined) throw new AppError('not-a-directory', { path })
  // What is delivered while the listing is on its way is no longer pending when it comes, and may not be in it either.
  using watch = promises.watchArrivals(path)
  const { directory, entries } = await listFromBackend(parts, path, call)
  reviveByListing(parts, deliveries, path, entries)
  const shown = promises.shownEntries(path, entries)
  const pending = index.childrenOf(path)
  const missing = missingFoldersIn(parts, path, entries)
  if (pending === undefined && missing.size + watch.arrived.size === 0) return { directory, entries: shown }
  const merged = new Map([...shown, ...missing, ...watch.arrived])
  for (const [name, file] of pending ?? []) merged.set(name, promisedOf(file))
  return { directory, entries: merged }
}

async function listFromBackend(parts: QueueParts, path: VfsPath, call: Call): Promise<Listing> {
  try {
    return await parts.backend.list(path, call)
  } catch (error) {
    return { directory: orMissingFolder(parts, path, error), entries: new Map() }
  }
}

/** @throws `error`, unless it says that nothing is at `path` where clients see a folder. */
function orMissingFolder(parts: QueueParts, path: VfsPath, error: unknown): Attributes {
  const shown = isAppError(error, 'not-found') ? missingFolderAt(parts, path) : undefined
  if (shown === undefined) throw error
  return shown
}

async function read(
  { index, backend, promises, store }: QueueParts,
  path: VfsPath,
  range: ByteRange | undefined,
  call: Call,
): Promise<OpenedFile> {
  for (let file = index.at(path); file !== undefined; file = index.at(path)) {
    const { id, promised } = file.newest.record
    try {
      return { attributes: promised, ...(await store.read(id, range, call)) }
    } catch (error) {
      // Delivered or replaced between the look and the opening: then the next look finds it where it is now.
      if (!isAppError(error, 'upload-unknown') || index.find(id) !== undefined) throw error
    }
  }
  const opened = await backend.read(path, range, call)
  const { length, body } = opened
  return {
    attributes: promises.shown(path, opened.attributes),
    length,
    body,
    close: () => opened.close(),
  }
}

function promisedOf({ newest }: PendingFile): Attributes {
  return newest.record.promised
}
