import type { FileAttributes } from '../../api/files.ts'
import { BridgeError } from '../../lib/bridge-error.ts'
import { requireAttributes } from './attributes.ts'
import { lstat, mkdir } from './fs-calls.ts'
import { rootPath, type TreePath } from './path.ts'
import { syncNames } from './rename.ts'
import type { Task } from './task.ts'
import type { Tree } from './tree.ts'

export async function makeDirectory(tree: Tree, path: TreePath, task: Task): Promise<FileAttributes> {
  if (path === rootPath) throw new BridgeError('already-exists', { path })
  const { location, stats } = await tree.containment.find(path, 'create', task)
  if (stats !== undefined) throw new BridgeError('already-exists', { path })
  await task.run(() => mkdir(location))
  await syncNames(tree, task, location)
  return requireAttributes(await task.finish(() => lstat(location)), path)
}
