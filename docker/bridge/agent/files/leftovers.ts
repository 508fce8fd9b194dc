import { lstat, unlink } from './fs-calls.ts'
import { Task } from './task.ts'
import type { Tree } from './tree.ts'

/**
 * Removes those of the temporary files `names` in `dir` whose writer is gone. What cannot be looked at or removed is left: it is nothing
 * that a listing should fail for. Never rejects.
 *
 * Only where somebody lists anyway: a walk through the whole tree would make S3 Files import the whole bucket's metadata, and charge for it.
 */
export async function removeLeftovers(tree: Tree, dir: string, names: readonly string[]): Promise<void> {
  if (tree.readOnly) return
  const task = new Task(tree.lanes.change, new AbortController().signal)
  for (const name of names) {
    const location = `${dir}/${name}`
    try {
      const { mtimeMs } = await task.run(() => lstat(location))
      if (tree.temporaries.isLeftover(name, Number(mtimeMs), Date.now())) {
        await task.run(() => unlink(location))
      }
    } catch {
      // Somebody else was quicker, or the folder is closed to us.
    }
  }
}
