import type { Stats } from 'node:fs'
import { dirname } from 'node:path'

import { AppError } from '../../../shared/errors.ts'
import type { Attributes, Chunks } from '../../vfs/backend.ts'
import type { VfsPath } from '../../vfs/path.ts'
import { throwIfAborted } from '../../files/abort.ts'
import { requireAttributes } from './attributes.ts'
import type { Containment, Entry } from './containment.ts'
import { errnoOf } from '../../files/errno.ts'
import { close, fchmod, fchown, fstat, fsync, open, rename, unlink } from '../../files/fs-calls.ts'
import { syncDirectory } from '../../files/sync-directory.ts'
import { newTemporaryName } from './temporary-name.ts'
import { writeChunks } from '../../files/write-chunks.ts'

/**
 * Writes `body` to a temporary file beside `path` and renames it over. Refusals come before the first chunk is asked
 * for. A link is written through: its target is replaced. Once the rename has begun, an abort comes too late.
 */
export async function writeFile(
  tree: Containment,
  path: VfsPath,
  body: Chunks,
  options: { readonly durable: boolean; readonly signal: AbortSignal },
): Promise<Attributes> {
  const target = await findTarget(tree, path)
  throwIfAborted(options.signal)
  const dir = dirname(target.location)
  const temporaryPath = `${dir}/${newTemporaryName()}`
  // Never open to more people than the finished file: a new file has its final mode from the start (the system takes
  // the umask off), one that replaces another has at most the mode of that.
  const fd = await open(temporaryPath, 'wx', target.stats === undefined ? 0o666 : permissionsOf(target.stats))
  try {
    const stats = await fillFile(fd, body, target.stats, options).finally(() => close(fd))
    throwIfAborted(options.signal)
    await rename(temporaryPath, target.location)
    if (options.durable) await syncDirectory(dir)
    return requireAttributes(stats, path)
  } catch (error) {
    // After a failed sync of the directory it is gone already, under its new name.
    await unlink(temporaryPath).catch(() => undefined)
    throw error
  }
}

/** Where the file goes, and what it replaces. @throws what refuses the write. */
async function findTarget(tree: Containment, path: VfsPath): Promise<Entry> {
  const entry = await tree.find(path, 'create')
  const target = await tree.follow(entry, path)
  if (target.stats === undefined) {
    // A link that leads nowhere: following it would create a file that nobody looked at, replacing it would lose it.
    if (entry.stats !== undefined) throw new AppError('permission-denied', { path })
    return target
  }
  if (requireAttributes(target.stats, path).kind === 'directory')
    throw new AppError('is-a-directory', { path })
  // The directory alone decides about a rename; a file that is meant not to be written keeps its protection here.
  if ((target.stats.mode & 0o222) === 0) throw new AppError('permission-denied', { path })
  return target
}

/** All that happens before the name changes. Returns the stats of the finished file, which the rename does not touch. */
async function fillFile(
  fd: number,
  body: Chunks,
  replaced: Stats | undefined,
  { durable, signal }: { readonly durable: boolean; readonly signal: AbortSignal },
): Promise<Stats> {
  await writeChunks(fd, body, signal)
  throwIfAborted(signal)
  const stats = await fstat(fd)
  if (replaced !== undefined) await inherit(fd, stats, replaced)
  if (durable) await fsync(fd)
  return stats
}

/** Gives the new file the mode of the one it replaces and, where the system allows it (to root), the owner. */
async function inherit(fd: number, created: Stats, replaced: Stats): Promise<void> {
  if (created.uid !== replaced.uid || created.gid !== replaced.gid) {
    await fchown(fd, replaced.uid, replaced.gid).catch((error: unknown) => {
      if (errnoOf(error) !== 'EPERM') throw error
    })
  }
  if (permissionsOf(created) !== permissionsOf(replaced)) await fchmod(fd, permissionsOf(replaced))
}

/** Without the set-id bits: they vouched for the old content. */
function permissionsOf(stats: Stats): number {
  return stats.mode & 0o777
}
