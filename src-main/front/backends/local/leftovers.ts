import { lstat, opendir, unlink } from 'node:fs/promises'
import { join } from 'node:path'

import { errnoOf } from '../../files/errno.ts'
import { writerOf } from './temporary-name.ts'

/**
 * Removes temporary files whose writer died: ours by their name, not written since `olderThanMs`, their process gone.
 * Goes through the whole tree one directory at a time, so that it takes nothing from requests; follows no links; what
 * cannot be read or removed is left. Returns how many it removed.
 */
export async function sweepLeftovers(rootDir: string, olderThanMs: number): Promise<number> {
  let removed = 0
  const dirs = [rootDir]
  for (let dir = dirs.pop(); dir !== undefined; dir = dirs.pop()) {
    try {
      for await (const entry of await opendir(dir, { bufferSize: 256 })) {
        const path = join(dir, entry.name)
        if (entry.isDirectory()) dirs.push(path)
        else if (await isLeftover(path, entry.name, olderThanMs)) {
          await unlink(path)
          removed++
        }
      }
    } catch (error) {
      // The tree changes while we walk, and parts of it may be closed to us: neither is a reason to stop.
      if (errnoOf(error) === undefined) throw error
    }
  }
  return removed
}

async function isLeftover(path: string, name: string, olderThanMs: number): Promise<boolean> {
  const writerPid = writerOf(name)
  if (writerPid === undefined || isAnotherProcess(writerPid)) return false
  return (await lstat(path)).mtimeMs < olderThanMs
}

/** True for a live process that is not this one; our own id on an old file is that of a predecessor (in a container, say). */
function isAnotherProcess(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) === 'EPERM'
  }
}
