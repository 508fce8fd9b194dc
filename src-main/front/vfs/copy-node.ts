import { AppError, isAppError } from '../../shared/errors.ts'
import type { Call } from './backend.ts'
import { copyTree } from './copy-tree.ts'
import { isFinderPath } from './finder/finder-names.ts'
import { treeOf, type Parts } from './parts.ts'
import { parentOf, type VfsPath } from './path.ts'
import { removeNode } from './remove-node.ts'
import type { Placed } from './vfs.ts'

interface CopyOptions {
  readonly overwrite: boolean
  readonly depth: 0 | 'infinity'
}

/** As `Vfs.copy`, with the target claimed and the root ruled out as one. */
export async function copyNode(
  parts: Parts,
  from: VfsPath,
  to: VfsPath,
  options: CopyOptions,
  call: Call,
): Promise<Placed> {
  const source = { tree: treeOf(parts, from), path: from }
  const target = { tree: treeOf(parts, to), path: to }
  const node = await source.tree.stat(from, call)
  await refuseSame(parts, from, to, call)
  const replaced = await target.tree.stat(to, call).catch((error: unknown) => {
    if (isAppError(error, 'not-found', 'not-a-directory')) return undefined
    throw error
  })
  if (replaced !== undefined) {
    if (!options.overwrite) throw new AppError('already-exists', { path: to })
    if (node.kind === 'directory' || replaced.kind === 'directory') await removeNode(parts, to, call, from)
  }
  const placed = await copyTree(source, target, options.depth, call)
  await parts.followers.copy(from, to, options.depth, replaced !== undefined)
  if (isFinderPath(to)) parts.tree.touch(parentOf(to))
  return { node: placed, created: replaced === undefined }
}

/** Overwriting a file with itself would remove what is to be copied. */
async function refuseSame({ tree }: Parts, from: VfsPath, to: VfsPath, call: Call): Promise<void> {
  const isSame =
    isFinderPath(from) || isFinderPath(to)
      ? from === to
      : (await tree.resolve(from, call)) === (await tree.resolve(to, call))
  if (isSame) throw new AppError('permission-denied', { path: to })
}
