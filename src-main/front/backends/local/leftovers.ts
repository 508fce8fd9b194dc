import { lstat, unlink } from 'node:fs/promises'

import { errnoOf } from '../../files/errno.ts'
import { writerOf } from './temporary-name.ts'

/**
 * Removes those of the temporary files `names` in `dir` whose writer died: ours by their name, not written since `olderThanMs`,
 * their process gone. What cannot be looked at or removed is left. Returns how many it removed; never rejects.
 */
export async function removeLeftovers(
  dir: string,
  names: readonly string[],
  olderThanMs: number,
): Promise<number> {
  let removed = 0
  for (const name of names) {
    const path = `${dir}/${name}`
    try {
      if (!(await isLeftover(path, name, olderThanMs))) continue
      await unlink(path)
      removed++
    } catch {
      // Somebody else was quicker, or the folder is closed to us: nothing that a listing should fail for.
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
