import { forEachInWindow } from '../../../lib/for-each-in-window.ts'
import { AppError } from '../../../shared/errors.ts'
import type { VfsPath } from '../../vfs/path.ts'
import { throwIfAborted } from '../../files/abort.ts'
import { requireAttributes } from './attributes.ts'
import type { Containment } from './containment.ts'
import { errnoOf } from '../../files/errno.ts'
import { readdirWithTypes, rmdir, unlink } from '../../files/fs-calls.ts'

const removalsInFlight = 32

/**
 * Removes a file, a link as a link, or a directory with all that is in it, links and special files included, following
 * none. Stops at the first entry that cannot be removed, or on abort; what is gone by then stays gone.
 */
export async function removeEntry(tree: Containment, path: VfsPath, signal: AbortSignal): Promise<void> {
  if (path === '/') throw new AppError('permission-denied', { path })
  const entry = await tree.findExisting(path)
  const target = await tree.follow(entry, path)
  if (target.stats === undefined) throw new AppError('not-found', { path })
  requireAttributes(target.stats, path)
  throwIfAborted(signal)
  if (entry.stats.isDirectory()) await removeTree(Buffer.from(entry.location), path, signal)
  else await unlink(entry.location)
}

/** By bytes, since a directory may hold names that are not UTF-8. */
async function removeTree(dir: Buffer, path: VfsPath, signal: AbortSignal): Promise<void> {
  const entries = await readdirWithTypes(dir)
  const directories = entries.filter((entry) => entry.isDirectory())
  const others = entries.filter((entry) => !entry.isDirectory())
  await forEachInWindow(others, removalsInFlight, async ({ name }) => {
    throwIfAborted(signal)
    await unlink(below(dir, name)).catch(ignoreGone)
  })
  // One after the other, so that the window bounds the whole removal and not each level of it.
  for (const { name } of directories) await removeTree(below(dir, name), path, signal)
  throwIfAborted(signal)
  await rmdir(dir).catch((error: unknown) => {
    // Somebody put something into it while it was emptied.
    if (errnoOf(error) === 'ENOTEMPTY') throw new AppError('busy', { path }, { cause: error })
    ignoreGone(error)
  })
}

function below(dir: Buffer, name: Buffer): Buffer {
  return Buffer.concat([dir, Buffer.from('/'), name])
}

function ignoreGone(error: unknown): void {
  if (errnoOf(error) !== 'ENOENT') throw error
}
