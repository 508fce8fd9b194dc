import { dirname, basename } from 'node:path'

import { AppError } from '../../../shared/errors.ts'
import type { Attributes } from '../../vfs/backend.ts'
import { isWithin, type VfsPath } from '../../vfs/path.ts'
import { throwIfAborted } from '../../files/abort.ts'
import { attributesFrom, requireAttributes } from './attributes.ts'
import type { Containment, Entry } from './containment.ts'
import { errnoOf, fromErrno } from '../../files/errno.ts'
import { readdir, rename, stat, unlink } from '../../files/fs-calls.ts'
import { syncDirectory } from '../../files/sync-directory.ts'
import { newTemporaryName } from './temporary-name.ts'

type PresentEntry = Awaited<ReturnType<Containment['findExisting']>>

/**
 * Renames. A link is moved as a link. Refused: a directory at `to` (unless it is `from` itself, spelt differently on a
 * file system that ignores case), a directory into itself, and a move to another file system, which no rename can do
 * and a copy could not do atomically. Once the rename has begun, an abort comes too late.
 */
export async function moveEntry(
  tree: Containment,
  from: VfsPath,
  to: VfsPath,
  options: { readonly durable: boolean; readonly signal: AbortSignal },
): Promise<Attributes> {
  if (from === '/' || to === '/') throw new AppError('permission-denied', { path: '/' })
  const source = await tree.findExisting(from).catch((error: unknown) => {
    throw fromErrno(error, from, 'use')
  })
  const attributes = await attributesOfTarget(tree, source, from)
  if (attributes.kind === 'directory' && from !== to && isWithin(to, from)) {
    throw new AppError('permission-denied', { path: to })
  }
  const destination = await tree.find(to, 'create')
  await checkDestination(tree, source, destination, to)
  throwIfAborted(options.signal)

  if (source.stats.isDirectory() && destination.stats !== undefined && !isSame(source, destination)) {
    await replaceByDirectory(source.location, destination.location)
  } else {
    await renameWithin(source.location, destination.location, to)
    if (isSame(source, destination) && source.stats.nlink > 1) await removeOtherName(source, destination)
  }
  if (options.durable) {
    const dirs = new Set([dirname(destination.location), dirname(source.location)])
    for (const dir of dirs) await syncDirectory(dir)
  }
  // It may have been written again meanwhile. If it cannot be asked, the move has been made all the same.
  const moved = await stat(destination.location).catch(() => undefined)
  return (moved && attributesFrom(moved)) ?? attributes
}

/** @throws `not-found` and `outside-root` for links that are not shown, `permission-denied` for special files. */
async function attributesOfTarget(
  tree: Containment,
  entry: PresentEntry,
  path: VfsPath,
): Promise<Attributes> {
  const { stats } = await tree.follow(entry, path)
  if (stats === undefined) throw new AppError('not-found', { path })
  return requireAttributes(stats, path)
}

async function checkDestination(
  tree: Containment,
  source: PresentEntry,
  destination: Entry,
  to: VfsPath,
): Promise<void> {
  if (destination.stats === undefined || isSame(source, destination)) return
  const { stats } = await tree.follow(destination, to)
  if (stats === undefined) throw new AppError('permission-denied', { path: to })
  if (requireAttributes(stats, to).kind === 'directory') throw new AppError('already-exists', { path: to })
}

/** One file under two names: the same entry in another case, or a hard link. */
function isSame(source: PresentEntry, destination: Entry): boolean {
  return source.stats.ino === destination.stats?.ino && source.stats.dev === destination.stats.dev
}

async function renameWithin(from: string, to: string, path: VfsPath): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    const errno = errnoOf(error)
    // EINVAL: into itself by way of a link.
    if (errno === 'EXDEV' || errno === 'EINVAL')
      throw new AppError('permission-denied', { path }, { cause: error })
    throw error
  }
}

/** POSIX renames no directory over a file. The file steps aside and comes back if its place cannot be taken. */
async function replaceByDirectory(from: string, to: string): Promise<void> {
  const asidePath = `${dirname(to)}/${newTemporaryName()}`
  await rename(to, asidePath)
  try {
    await rename(from, to)
  } catch (error) {
    await rename(asidePath, to)
    throw error
  }
  await unlink(asidePath)
}

/** Of two hard links to one file, POSIX's rename keeps both; a move leaves only the new name. */
async function removeOtherName(source: PresentEntry, destination: Entry): Promise<void> {
  if (source.location === destination.location) return
  // On a file system that ignores case the old spelling is no name any more, and unlinking it would take the new one.
  const names = await readdir(dirname(source.location))
  if (names.includes(basename(source.location))) await unlink(source.location)
}
