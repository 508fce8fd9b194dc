import { dirname } from 'node:path'

import type { FileAttributes } from '../../api/files.ts'
import { BridgeError } from '../../lib/bridge-error.ts'
import { attributesFrom, requireAttributes } from './attributes.ts'
import type { Entry, PresentEntry } from './containment.ts'
import { errnoOf, fromErrno } from './errno.ts'
import { lstat, rename, unlink } from './fs-calls.ts'
import { isWithin, rootPath, type TreePath } from './path.ts'
import { renameWithin, syncNames } from './rename.ts'
import type { Task } from './task.ts'
import type { Tree } from './tree.ts'

/**
 * Renames. A link is moved as a link. Refused: a directory at `to` (unless it is `from` itself), a directory into itself, and a
 * move to another file system, which no rename can do and a copy could not do atomically. Once the rename has begun, it is too late to call
 * it off.
 */
export async function moveEntry(
  tree: Tree,
  from: TreePath,
  to: TreePath,
  task: Task,
): Promise<FileAttributes> {
  if (from === rootPath || to === rootPath) throw new BridgeError('permission-denied', { path: rootPath })
  const source = await tree.containment.findExisting(from, task).catch((error: unknown) => {
    throw fromErrno(error, from, 'use')
  })
  const shown = await shownTarget(tree, source, from, task)
  const attributes = requireAttributes(shown.stats, from)
  if (attributes.kind === 'directory' && from !== to && isWithin(to, from)) {
    throw new BridgeError('permission-denied', { path: to })
  }
  const destination = await tree.containment.find(to, 'create', task)
  await checkDestination(tree, source, destination, to, task)
  task.throwIfCancelled()

  await rearrange(tree, source, destination, to, task)
  await syncNames(tree, task, destination.location, source.location)
  // It may have been written again meanwhile. If it cannot be asked, the move has been made all the same.
  const asked = shown.location === source.location ? destination.location : shown.location
  const moved = await task.finish(() => lstat(asked)).catch(() => undefined)
  return (moved && attributesFrom(moved)) ?? attributes
}

/** @throws `not-found` and `outside-root` for links that are not shown. */
async function shownTarget(
  tree: Tree,
  source: PresentEntry,
  path: TreePath,
  task: Task,
): Promise<PresentEntry> {
  const { location, stats } = await tree.containment.follow(source, path, task)
  if (stats === undefined) throw new BridgeError('not-found', { path })
  return { location, stats }
}

async function checkDestination(
  tree: Tree,
  source: PresentEntry,
  destination: Entry,
  to: TreePath,
  task: Task,
): Promise<void> {
  if (destination.stats === undefined || isSame(source, destination)) return
  const { stats } = await tree.containment.follow(destination, to, task)
  if (stats === undefined) throw new BridgeError('permission-denied', { path: to })
  if (requireAttributes(stats, to).kind === 'directory') throw new BridgeError('already-exists', { path: to })
}

/** One file under two names, or under one. */
function isSame(source: PresentEntry, destination: Entry): boolean {
  return source.stats.ino === destination.stats?.ino && source.stats.dev === destination.stats.dev
}

async function rearrange(
  tree: Tree,
  source: PresentEntry,
  destination: Entry,
  to: TreePath,
  task: Task,
): Promise<void> {
  const renaming = { from: source.location, to: destination.location, inode: source.stats.ino }
  try {
    if (source.stats.isDirectory() && destination.stats !== undefined && !isSame(source, destination)) {
      await replaceByDirectory(tree, renaming, task)
      return
    }
    await renameWithin(tree, task, renaming)
  } catch (error) {
    // EINVAL: into itself by way of a link.
    if (!['EXDEV', 'EINVAL'].includes(errnoOf(error) ?? '')) throw error
    throw new BridgeError('permission-denied', { path: to }, { cause: error })
  }
  // Of two hard links to one file, POSIX's rename keeps both; a move leaves only the new name.
  const isOtherName = isSame(source, destination) && source.location !== destination.location
  if (isOtherName) await task.finish(() => unlink(source.location))
}

/** POSIX renames no directory over a file. The file steps aside and comes back if its place cannot be taken. */
async function replaceByDirectory(
  tree: Tree,
  renaming: Parameters<typeof renameWithin>[2],
  task: Task,
): Promise<void> {
  const name = tree.temporaries.take()
  const asidePath = `${dirname(renaming.to)}/${name}`
  try {
    await tree.replacements.run(renaming.to, async () => {
      await task.finish(() => rename(renaming.to, asidePath))
      try {
        await task.finish(() => rename(renaming.from, renaming.to))
      } catch (error) {
        await task.finish(() => rename(asidePath, renaming.to))
        throw error
      }
    })
    await task.finish(() => unlink(asidePath))
  } finally {
    tree.temporaries.release(name)
  }
}
