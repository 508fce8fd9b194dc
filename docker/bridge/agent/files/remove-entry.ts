import { BridgeError } from '../../lib/bridge-error.ts'
import { forEachInWindow } from '../../lib/for-each-in-window.ts'
import { requireAttributes } from './attributes.ts'
import { errnoOf } from './errno.ts'
import { lstat, readNames, rmdir, unlink } from './fs-calls.ts'
import { rootPath, type TreePath } from './path.ts'
import type { Task } from './task.ts'
import type { Tree } from './tree.ts'

/** Files that come in while a directory is emptied are emptied out as well; whoever keeps putting them there keeps it. */
const maxRounds = 3
/** As many as the lane for changes takes. */
const removalsInFlight = 8
const slash = Buffer.from('/')

/**
 * Removes a file, a link as a link, or a directory with all that is in it, links and special files included, following none. Calls
 * `onRemoved` for every entry that is gone. Stops at the first entry that cannot be removed, or when it is called off; what is gone by
 * then stays gone, and nothing more goes on.
 */
export async function removeEntry(
  tree: Tree,
  path: TreePath,
  task: Task,
  onRemoved: () => void,
): Promise<void> {
  if (path === rootPath) throw new BridgeError('permission-denied', { path })
  const entry = await tree.containment.findExisting(path, task)
  const target = await tree.containment.follow(entry, path, task)
  if (target.stats === undefined) throw new BridgeError('not-found', { path })
  requireAttributes(target.stats, path)
  if (entry.stats.isDirectory()) {
    await new Removal(path, task, onRemoved).removeTree(Buffer.from(entry.location))
  } else {
    // Gone by now is gone: the answer to a first attempt may have been lost on the way.
    await task.run(() => unlink(entry.location)).catch(ignoreGone)
    onRemoved()
  }
}

class Removal {
  readonly #path: TreePath
  readonly #task: Task
  readonly #onRemoved: () => void

  constructor(path: TreePath, task: Task, onRemoved: () => void) {
    this.#path = path
    this.#task = task
    this.#onRemoved = onRemoved
  }

  /** By bytes, since a directory may hold names that are not UTF-8. */
  async removeTree(dir: Buffer): Promise<void> {
    for (let round = 1; ; round++) {
      await this.#empty(dir)
      try {
        await this.#task.run(() => rmdir(dir)).catch(ignoreGone)
        break
      } catch (error) {
        if (errnoOf(error) !== 'ENOTEMPTY') throw error
        if (round === maxRounds) throw new BridgeError('busy', { path: this.#path }, { cause: error })
      }
    }
    this.#onRemoved()
  }

  /** Rejects only once nothing goes on any more. */
  async #empty(dir: Buffer): Promise<void> {
    const names = await this.#task.run(() => readNames(dir)).catch(noneIfGone)
    const directories: Buffer[] = []
    await forEachInWindow(names, removalsInFlight, async (name) => {
      const location = Buffer.concat([dir, slash, name])
      if (await unlinkUnlessDirectory(location, this.#task)) this.#onRemoved()
      else directories.push(location)
    })
    // One after the other: the lane is filled by the files of each.
    for (const directory of directories) await this.removeTree(directory)
  }
}

/** False for a directory. Asking first what it is would cost another call for every file. */
async function unlinkUnlessDirectory(location: Buffer, task: Task): Promise<boolean> {
  try {
    await task.run(() => unlink(location)).catch(ignoreGone)
    return true
  } catch (error) {
    // EPERM is what POSIX says to a directory, and to a file that may not be removed.
    if (!['EISDIR', 'EPERM'].includes(errnoOf(error) ?? '')) throw error
    if ((await task.run(() => lstat(location))).isDirectory()) return false
    throw error
  }
}

function noneIfGone(error: unknown): readonly Buffer[] {
  ignoreGone(error)
  return []
}

function ignoreGone(error: unknown): void {
  if (errnoOf(error) !== 'ENOENT') throw error
}
