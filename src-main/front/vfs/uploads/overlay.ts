import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Attributes, Backend, ByteRange, Call, Listing, OpenedFile } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import type { PendingFile } from './pending-index.ts'
import type { QueueParts } from './queue-parts.ts'

/**
 * The lookups of the queue's backend: pending uploads laid over what the backend has, delivered ones shown as they were
 * promised. They never wait for a delivery.
 */
export function overlayLookups(parts: QueueParts): Pick<Backend, 'list' | 'stat' | 'read' | 'statfs'> {
  const { index, backend, promises } = parts
  return {
    list: (path, call) => list(parts, path, call),
    async stat(path, call) {
      const file = index.at(path)
      if (file === undefined) return promises.shown(path, await backend.stat(path, call))
      if (call.signal.aborted) throw new AppError('cancelled')
      return promisedOf(file)
    },
    read: (path, range, call) => read(parts, path, range, call),
    statfs: (call) => backend.statfs(call),
  }
}

async function list({ index, backend, promises }: QueueParts, path: VfsPath, call: Call): Promise<Listing> {
  if (index.at(path) !== undefined) throw new AppError('not-a-directory', { path })
  // What is delivered while the listing is on its way is no longer pending when it comes, and may not be in it either.
  using watch = promises.watchArrivals(path)
  const { directory, entries } = await backend.list(path, call)
  const shown = promises.shownEntries(path, entries)
  const pending = index.childrenOf(path)
  if (pending === undefined && watch.arrived.size === 0) return { directory, entries: shown }
  const merged = new Map([...shown, ...watch.arrived])
  for (const [name, file] of pending ?? []) merged.set(name, promisedOf(file))
  return { directory, entries: merged }
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
