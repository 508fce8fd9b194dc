import type { FileAttributes, Space } from '../../api/files.ts'
import { requireAttributes } from './attributes.ts'
import { lstat, statfs, utimes } from './fs-calls.ts'
import type { TreePath } from './path.ts'
import type { Task } from './task.ts'
import type { Tree } from './tree.ts'

export async function statEntry(tree: Tree, path: TreePath, task: Task): Promise<FileAttributes> {
  const { stats } = await tree.containment.findTarget(path, task)
  return requireAttributes(stats, path)
}

/** Sets the time of the last change, and of the last access with it, which nothing here shows. A link's target gets it. */
export async function setModified(
  tree: Tree,
  path: TreePath,
  modifiedMs: number,
  task: Task,
): Promise<FileAttributes> {
  const target = await tree.containment.findTarget(path, task)
  requireAttributes(target.stats, path)
  const seconds = modifiedMs / 1000
  await task.run(() => utimes(target.location, seconds, seconds))
  return requireAttributes(await task.finish(() => lstat(target.location)), path)
}

export async function spaceOf(tree: Tree, task: Task): Promise<Space> {
  const { bsize, blocks, bavail } = await task.run(() => statfs(tree.containment.rootDir))
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize }
}
