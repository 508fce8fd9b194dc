import { AppError, isAppError } from '../../../shared/errors.ts'
import { forEachInWindow } from '../../../lib/for-each-in-window.ts'
import type { Attributes, Listing } from '../../vfs/backend.ts'
import { joinPath, parentOf, rootPath, type VfsPath } from '../../vfs/path.ts'
import { throwIfAborted } from '../../files/abort.ts'
import { errnoOf } from '../../files/errno.ts'
import { lstat, readdir, stat } from '../../files/fs-calls.ts'
import { attributesFrom, attributesFromRow, requireAttributes } from './attributes.ts'
import type { Containment, Entry } from './containment.ts'
import { removeLeftovers } from './leftovers.ts'
import type { StatBatches } from './stat-batches.ts'
import { fieldsPerRow, rowKinds } from './stat-rows.ts'
import { isTemporaryName } from './temporary-name.ts'

/** Twice the threads that a front gives libuv: none of them idles between two entries, and no other call waits long behind them. */
const entriesInFlight = 64

/** From here on, handing the entries to another thread costs less than a trip through the thread pool for each. */
const batchedFrom = 128

/** Few enough that taking them in, all at once, keeps no other request waiting for long. */
const entriesPerBatch = 2_048

/**
 * A directory and its children, asked for in parallel. Left out are our own temporary files, special files, links that
 * lead nowhere, out of the root or back to a directory that `path` has come through, and names that are not UTF-8.
 */
export async function listDirectory(
  tree: Containment,
  batches: StatBatches,
  path: VfsPath,
  signal: AbortSignal,
): Promise<Listing> {
  const location = tree.locate(path, 'use')
  const reading = readdir(location)
  const asking = stat(location)
  // Both are dropped when the gate refuses, and it answers first.
  reading.catch(() => undefined)
  asking.catch(() => undefined)
  await tree.resolve(path)
  const directory = requireAttributes(await asking, path)
  if (directory.kind !== 'directory') throw new AppError('not-a-directory', { path })
  const all = await reading
  const names = all.filter((name) => !isTemporaryName(name))
  // Not waited for. Looking for them where somebody looks anyway saves a walk through the whole tree at start.
  if (names.length < all.length)
    void removeLeftovers(location, all.filter(isTemporaryName), performance.timeOrigin)

  const entries = new Map<string, Attributes>()
  const unsettled =
    names.length < batchedFrom ? names : await settleInBatches(batches, location, names, entries, signal)
  await forEachInWindow(unsettled, entriesInFlight, async (name) => {
    throwIfAborted(signal)
    const attributes = await childAttributes(tree, location, path, name)
    if (attributes !== undefined) entries.set(name, attributes)
  })
  return { directory, entries }
}

/** Puts what batches find out into `entries`. Returns the names they leave open. */
async function settleInBatches(
  batches: StatBatches,
  dir: string,
  names: readonly string[],
  entries: Map<string, Attributes>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const unsettled: string[] = []
  for (let start = 0; start < names.length; start += entriesPerBatch) {
    const batch = names.slice(start, start + entriesPerBatch)
    const { count, rows } = await batches.lstatAll({ dir, names: batch })
    throwIfAborted(signal)
    for (const [index, name] of batch.slice(0, count).entries()) {
      const row = index * fieldsPerRow
      if (rows[row] === rowKinds.unsettled) unsettled.push(name)
      else if (rows[row] !== rowKinds.unlisted) entries.set(name, attributesFromRow(rows, row))
    }
    if (count < batch.length) return unsettled.concat(names.slice(start + count))
  }
  return unsettled
}

async function childAttributes(
  tree: Containment,
  dir: string,
  path: VfsPath,
  name: string,
): Promise<Attributes | undefined> {
  const location = dir === '/' ? `/${name}` : `${dir}/${name}`
  const stats = await lstat(location).catch(undefinedIfGone)
  if (stats?.isSymbolicLink() !== true) return stats && attributesFrom(stats)
  const target = await tree.follow({ location, stats }, joinPath(path, name)).catch(undefinedIfClosed)
  if (target?.stats === undefined || (await leadsBack(tree, path, target))) return undefined
  return attributesFrom(target.stats)
}

/** A link to a directory on the way to it makes a tree without end: whoever walks or copies it would never be done. */
async function leadsBack(tree: Containment, path: VfsPath, target: Entry): Promise<boolean> {
  if (target.stats?.isDirectory() !== true) return false
  for (let passed = path; ; passed = parentOf(passed)) {
    if ((await tree.resolve(passed)) === target.location) return true
    if (passed === rootPath) return false
  }
}

/**
 * Gone since the directory was read, or never to be had under this name: bytes that are not UTF-8 were read as U+FFFD,
 * which names another file or, being longer, none at all.
 */
function undefinedIfGone(error: unknown): undefined {
  if (!['ENOENT', 'ENAMETOOLONG'].includes(errnoOf(error) ?? '')) throw error
}

/** A link out of the root, or to where we may not look: one such link does not spoil the listing. */
function undefinedIfClosed(error: unknown): undefined {
  if (!isAppError(error, 'outside-root') && errnoOf(error) !== 'EACCES') throw error
}
