import type { Call } from './backend.ts'
import { isFinderPath } from './finder/finder-names.ts'
import type { Parts } from './parts.ts'
import { parentOf, type VfsPath } from './path.ts'

/**
 * As `Vfs.remove`, with the tree claimed and the root ruled out. `spared` outlives it although it may be its attributes:
 * `._x` can be on its way to become `x`.
 */
export async function removeNode(
  { tree, finder, followers }: Parts,
  path: VfsPath,
  call: Call,
  spared = path,
): Promise<void> {
  if (isFinderPath(path)) {
    await finder.remove(path)
    await followers.remove(path, spared)
    tree.touch(parentOf(path))
    return
  }
  await tree.remove(path, call)
  await followers.remove(path, spared)
}
