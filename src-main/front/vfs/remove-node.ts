import type { Call } from './backend.ts'
import { isFinderPath } from './finder/finder-names.ts'
import type { Parts } from './parts.ts'
import { parentOf, type VfsPath } from './path.ts'

/** As `Vfs.remove`, with the tree claimed and the root ruled out. */
export async function removeNode(
  { tree, finder, followers }: Parts,
  path: VfsPath,
  call: Call,
): Promise<void> {
  if (isFinderPath(path)) {
    await finder.remove(path)
    await followers.remove(path)
    tree.touch(parentOf(path))
    return
  }
  await tree.remove(path, call)
  await followers.remove(path)
}
