import { dirname } from 'node:path'

import { errnoOf } from './errno.ts'
import { close, fsync, lstat, open, rename } from './fs-calls.ts'
import type { Task } from './task.ts'
import type { Tree } from './tree.ts'

/**
 * Renames `from`, whose inode number is `inode`, to `to`, replacing a file there. Comes too late to be called off.
 *
 * A server that was restarted may be asked twice for what it did already, and then says that there is no `from`: what counts is whether it
 * has arrived.
 */
export async function renameWithin(
  tree: Tree,
  task: Task,
  { from, to, inode }: { readonly from: string; readonly to: string; readonly inode: bigint },
): Promise<void> {
  await tree.replacements.run(to, () =>
    task.finish(async () => {
      try {
        await rename(from, to)
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw error
        const arrived = await lstat(to).catch(() => undefined)
        if (arrived?.ino !== inode) throw error
      }
    }),
  )
}

/**
 * Makes new names in the directories of `locations` safe. Over NFS there is nothing to do: a server answers a change of names only once
 * it is on stable storage (RFC 8881, section 18.26), and the kernel makes nothing of the fsync of a directory.
 */
export async function syncNames(tree: Tree, task: Task, ...locations: readonly string[]): Promise<void> {
  if (!tree.syncsDirectories) return
  for (const dir of new Set(locations.map((location) => dirname(location)))) {
    await task.finish(() => syncDirectory(dir))
  }
}

async function syncDirectory(dir: string): Promise<void> {
  const fd = await open(dir, 'r')
  try {
    await fsync(fd)
  } catch (error) {
    // Some file systems have no such thing for directories; there is nothing more to be had there.
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errnoOf(error) ?? '')) throw error
  } finally {
    await close(fd)
  }
}
