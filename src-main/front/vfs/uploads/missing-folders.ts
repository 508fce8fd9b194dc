import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Attributes, Call } from '../backend.ts'
import { isWithin, joinPath, namesOf, parentOf, rootPath, type VfsPath } from '../path.ts'
import type { Deliveries } from './delivery.ts'
import type { PendingFile } from './pending-index.ts'
import type { QueueParts } from './queue-parts.ts'

/*
 * Folders that somebody else has removed while something saved in them is on its way. A save is worth more than a removal that did
 * not know of it: clients go on seeing such a folder, with what waits in it, and the delivery makes it anew.
 */

type Lookups = Pick<QueueParts, 'index' | 'store'>

/**
 * A folder of which the backend says that nothing is there, as clients see it because of what waits below; undefined when nothing
 * does, or when a removal or move that is under way decides what becomes of that.
 */
export function missingFolderAt({ index, store }: Lookups, path: VfsPath): Attributes | undefined {
  const below = index.within(path).filter((file) => file.path !== path)
  if (below.length === 0) return undefined
  const intents = store.intents()
  const times = below
    .filter((file) => !intents.some(({ from }) => isWithin(file.path, from)))
    .map(({ newest }) => newest.record.promised.modifiedMs)
  if (times.length === 0) return undefined
  const modifiedMs = times.reduce((latest, time) => Math.max(latest, time))
  const createdMs = times.reduce((first, time) => Math.min(first, time))
  return { kind: 'directory', size: 0, modifiedMs, createdMs, fileId: 0 }
}

/** Those right in `directory`, by name: something waits below, and the backend's `entries` have nothing of that name. */
export function missingFoldersIn(
  lookups: Lookups,
  directory: VfsPath,
  entries: ReadonlyMap<string, Attributes>,
): ReadonlyMap<string, Attributes> {
  const missing = new Map<string, Attributes>()
  for (const name of foldersWithPending(lookups, directory)) {
    const attributes = entries.has(name) ? undefined : missingFolderAt(lookups, joinPath(directory, name))
    if (attributes !== undefined) missing.set(name, attributes)
  }
  return missing
}

/**
 * Makes the folder at `path`, and those above it, where they are missing. A call under way is waited for even after `stop`: what
 * comes next may remove the folder, and must not be overtaken.
 * @throws AppError `parent-missing` {folder} when something that is no folder is in the way of `folder`; `cancelled` when `stop` aborts; what the
 * backend refuses with.
 */
export async function makeMissingFolders(
  { backend, lifetime, onChanged }: Pick<QueueParts, 'backend' | 'lifetime' | 'onChanged'>,
  path: VfsPath,
  { signal: stop }: Call,
): Promise<void> {
  const make = async (folder: VfsPath): Promise<void> => {
    if (stop.aborted) throw new AppError('cancelled')
    try {
      await backend.makeDirectory(folder, { signal: lifetime })
      onChanged(folder)
    } catch (error) {
      if (!isAppError(error, 'already-exists')) throw error
    }
  }
  const makeWithParents = async (folder: VfsPath): Promise<void> => {
    if (folder === rootPath) return
    try {
      await make(folder)
    } catch (error) {
      if (!isAppError(error, 'parent-missing')) throw error
      const parent = parentOf(folder)
      await makeWithParents(parent)
      await make(folder).catch((again: unknown) => {
        throw isAppError(again, 'parent-missing')
          ? new AppError('parent-missing', { path, folder: parent }, { cause: again })
          : again
      })
    }
  }
  await makeWithParents(path)
}

/**
 * `work`, once more when it was refused with `refusal` because `folder`, which clients see, is not there. @throws what `work` throws, or
 * `makeMissingFolders`.
 */
export async function inShownFolder<T>(
  parts: QueueParts,
  { folder, refusal }: { readonly folder: VfsPath; readonly refusal: 'parent-missing' | 'not-found' },
  call: Call,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isAppError(error, refusal) || missingFolderAt(parts, folder) === undefined) throw error
    await makeMissingFolders(parts, folder, call)
    return await work()
  }
}

/** The path of what is in the way of `file`, which needs a person for that reason: there is something that is no folder. */
export function inTheWayOf({ path, newest }: PendingFile): VfsPath | undefined {
  const { attention } = newest.record
  if (attention?.code !== 'parent-missing') return undefined
  return (attention.args['folder'] as VfsPath | undefined) ?? parentOf(path)
}

/** Nothing is in the way of `folder` any more: what could not be delivered below it for that reason is tried again. */
export function reviveBelow({ index, store }: QueueParts, deliveries: Deliveries, folder: VfsPath): void {
  for (const file of index.within(folder)) {
    const inTheWay = inTheWayOf(file)
    if (inTheWay === undefined || !isWithin(folder, inTheWay)) continue
    const record = { ...file.newest.record, attention: undefined }
    try {
      store.update([record])
    } catch {
      continue // A full disk, say. Whoever looks next tries it again.
    }
    file.newest.record = record
    deliveries.schedule(file)
  }
}

/** As `reviveBelow`, by what a listing of `directory` shows. */
export function reviveByListing(
  parts: QueueParts,
  deliveries: Deliveries,
  directory: VfsPath,
  entries: ReadonlyMap<string, Attributes>,
): void {
  reviveBelow(parts, deliveries, directory)
  for (const name of foldersWithPending(parts, directory)) {
    if (entries.get(name)?.kind !== 'file') reviveBelow(parts, deliveries, joinPath(directory, name))
  }
}

/** The names right in `directory` below which something is pending. */
function foldersWithPending({ index }: Pick<QueueParts, 'index'>, directory: VfsPath): ReadonlySet<string> {
  const depth = namesOf(directory).length
  const names = index.directoriesWithin(directory).flatMap((below) => namesOf(below).slice(depth, depth + 1))
  return new Set(names)
}
