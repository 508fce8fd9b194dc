import type { BigIntStats } from 'node:fs'
import { dirname } from 'node:path'

import type { FileAttributes } from '../../api/files.ts'
import { BridgeError } from '../../lib/bridge-error.ts'
import { requireAttributes } from './attributes.ts'
import { BatchWriter } from './batch-writer.ts'
import type { BufferPool } from './buffer-pool.ts'
import type { Entry } from './containment.ts'
import { errnoOf } from './errno.ts'
import { close, fchmod, fchown, fstat, fsync, open, unlink } from './fs-calls.ts'
import type { TreePath } from './path.ts'
import { renameWithin, syncNames } from './rename.ts'
import type { RequestBody } from './request-body.ts'
import type { Task } from './task.ts'
import type { Tree } from './tree.ts'

export interface Content {
  readonly body: RequestBody
  /** How long the body must be, where the client said so. */
  readonly announcedBytes: number | undefined
  readonly pool: BufferPool
}

/**
 * Writes a body to a temporary file beside `path`, makes it durable and renames it over, also where nothing is replaced (docs/adr/0006).
 * Refusals come before the first byte is asked for. A link is written through: its target is replaced. Once the rename has begun, it is
 * too late to call it off.
 *
 * @throws BridgeError; then the old content stays, and no trace of the new is left.
 */
export async function writeContent(
  tree: Tree,
  path: TreePath,
  content: Content,
  task: Task,
): Promise<FileAttributes> {
  const target = await findPlace(tree, path, task)
  const name = tree.temporaries.take()
  const temporaryPath = `${dirname(target.location)}/${name}`
  const writing = task.in(tree.lanes.write)
  try {
    const stats = await makeFile(temporaryPath, target.stats, content, writing)
    task.throwIfCancelled()
    await renameWithin(tree, task, { from: temporaryPath, to: target.location, inode: stats.ino })
    await syncNames(tree, task, target.location)
    return requireAttributes(stats, path)
  } catch (error) {
    // After a failed sync of the directory it is gone already, under its new name.
    await task.finish(() => unlink(temporaryPath)).catch(() => undefined)
    throw error
  } finally {
    tree.temporaries.release(name)
  }
}

/** Where the file goes, and what it replaces. @throws what refuses the write. */
async function findPlace(tree: Tree, path: TreePath, task: Task): Promise<Entry> {
  const entry = await tree.containment.find(path, 'create', task)
  const target = await tree.containment.follow(entry, path, task)
  if (target.stats === undefined) {
    // A link that leads nowhere: following it would create a file that nobody looked at, replacing it would lose it.
    if (entry.stats !== undefined) throw new BridgeError('permission-denied', { path })
    return target
  }
  if (requireAttributes(target.stats, path).kind === 'directory') {
    throw new BridgeError('is-a-directory', { path })
  }
  // The directory alone decides about a rename; a file that is meant not to be written keeps its protection here.
  if ((target.stats.mode & 0o222n) === 0n) throw new BridgeError('permission-denied', { path })
  return target
}

/** The complete, durable file under its temporary name. Returns its stats, which the rename does not touch. */
async function makeFile(
  location: string,
  replaced: BigIntStats | undefined,
  content: Content,
  task: Task,
): Promise<BigIntStats> {
  // Never open to more people than the finished file: a new file has its final mode from the start (the system takes the umask
  // off), one that replaces another has at most the mode of that.
  const mode = replaced === undefined ? 0o666 : permissionsOf(replaced)
  const fd = await task.run(() => open(location, 'wx', mode))
  try {
    await copyBody(fd, content, task)
    if (replaced !== undefined) await inherit(fd, replaced, task)
    await task.run(() => fsync(fd))
    // Only now are its times those that the server gave it.
    return await task.run(() => fstat(fd))
  } finally {
    await task.finish(() => close(fd))
  }
}

async function copyBody(fd: number, { body, announcedBytes, pool }: Content, task: Task): Promise<void> {
  const writer = new BatchWriter(fd, task, pool)
  try {
    for (let piece; (piece = await body.next()) !== undefined;) {
      await writer.add(piece)
      if (announcedBytes !== undefined && writer.length > announcedBytes) break
    }
    if (announcedBytes !== undefined && writer.length !== announcedBytes) {
      throw new BridgeError('bad-request', { reason: `not the ${announcedBytes} bytes that were announced` })
    }
    await writer.flush()
  } finally {
    await writer.settled()
  }
}

/** Gives the new file the mode of the one it replaces and, where the system allows it (to root), the owner. */
async function inherit(fd: number, replaced: BigIntStats, task: Task): Promise<void> {
  const created = await task.run(() => fstat(fd))
  if (created.uid !== replaced.uid || created.gid !== replaced.gid) {
    await task
      .run(() => fchown(fd, Number(replaced.uid), Number(replaced.gid)))
      .catch((error: unknown) => {
        if (errnoOf(error) !== 'EPERM') throw error
      })
  }
  const mode = permissionsOf(replaced)
  if (permissionsOf(created) !== mode) await task.run(() => fchmod(fd, mode))
}

/** Without the set-id bits: they vouched for the old content. */
function permissionsOf(stats: BigIntStats): number {
  return Number(stats.mode & 0o777n)
}
