import { lstatSync, type Stats } from 'node:fs'

import type { Clock } from '../../../lib/clock.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import { forEachInWindow } from '../../../lib/for-each-in-window.ts'
import type { Attributes, Listing } from '../../vfs/backend.ts'
import { joinPath, parentOf, rootPath, type VfsPath } from '../../vfs/path.ts'
import { throwIfAborted } from '../../files/abort.ts'
import { errnoOf } from '../../files/errno.ts'
import { lstat, readdir, stat } from '../../files/fs-calls.ts'
import { attributesFrom, requireAttributes } from './attributes.ts'
import type { Containment, Entry } from './containment.ts'
import { removeLeftovers } from './leftovers.ts'
import { isTemporaryName } from './temporary-name.ts'
import { lookAtWarmEntries } from './warm-entries.ts'

/** As many as the threads that a front gives libuv, and one that waits for each: none idles, and no other call waits long. */
const entriesInFlight = 24

/** A disk that takes longer for the first entry is asked for the others in parallel, not in turn. */
const promptMs = 5

/**
 * A directory and its children, looked at in turn while the disk answers from memory, else in parallel. Left out are our
 * own temporary files, special files, names that are not UTF-8, and links that lead nowhere, out of the root or back to a
 * directory that `path` has come through.
 */
export async function listDirectory(
  tree: Containment,
  path: VfsPath,
  clock: Clock,
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
  const look = (name: string): boolean => {
    const stats = lstatIfWarm(childLocation(location, name))
    if (stats === undefined || stats.isSymbolicLink()) return false
    const attributes = attributesFrom(stats)
    if (attributes !== undefined) entries.set(name, attributes)
    return true
  }
  const isPrompt = await answersPromptly(location, names, clock)
  const left = isPrompt ? await lookAtWarmEntries(names, look, clock, signal) : names
  await forEachInWindow(left, entriesInFlight, async (name) => {
    throwIfAborted(signal)
    const attributes = await childAttributes(tree, location, path, name)
    if (attributes !== undefined) entries.set(name, attributes)
  })
  return { directory, entries }
}

/** Asked through the pool, where a disk that does not answer at all holds up nobody. */
async function answersPromptly(dir: string, [first]: readonly string[], clock: Clock): Promise<boolean> {
  if (first === undefined) return true
  const startedMs = clock.monotonicMs()
  await lstat(childLocation(dir, first)).catch(() => undefined)
  return clock.monotonicMs() - startedMs < promptMs
}

/** Undefined for whatever cannot be had by a plain look: gone, closed, of a strange name. */
function lstatIfWarm(location: string): Stats | undefined {
  try {
    return lstatSync(location, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function childLocation(dir: string, name: string): string {
  return dir === '/' ? `/${name}` : `${dir}/${name}`
}

async function childAttributes(
  tree: Containment,
  dir: string,
  path: VfsPath,
  name: string,
): Promise<Attributes | undefined> {
  const location = childLocation(dir, name)
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
