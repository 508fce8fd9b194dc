import { AppError, isAppError } from '../../shared/errors.ts'
import type { Call } from './backend.ts'
import { copyTree } from './copy-tree.ts'
import { isFinderPath } from './finder/finder-names.ts'
import { treeOf, type Parts } from './parts.ts'
import { parentOf, type VfsPath } from './path.ts'
import { removeNode } from './remove-node.ts'
import type { Node, Placed } from './vfs.ts'

/** As `Vfs.move`, with both trees claimed and the root ruled out. */
export async function moveNode(
  parts: Parts,
  from: VfsPath,
  to: VfsPath,
  overwrite: boolean,
  call: Call,
): Promise<Placed> {
  const isFromFinder = isFinderPath(from)
  if (isFromFinder !== isFinderPath(to)) return moveAcross(parts, from, to, overwrite, call)
  return isFromFinder
    ? moveOnTheMac(parts, from, to, overwrite)
    : moveAtTheBackend(parts, from, to, overwrite, call)
}

async function moveAtTheBackend(
  parts: Parts,
  from: VfsPath,
  to: VfsPath,
  overwrite: boolean,
  call: Call,
): Promise<Placed> {
  const { tree, followers } = parts
  const source = await tree.resolve(from, call)
  const target = await tree.resolve(to, call)
  // Two spellings of one name: it is already where it should be.
  if (source === target) return { node: await tree.stat(source, call), created: false }

  const replaced = await tree.findNow(target, call)
  if (replaced !== undefined) {
    if (!overwrite) throw new AppError('already-exists', { path: to })
    await makeRoom(parts, source, target, replaced, call)
  }
  const node = await tree.move(source, target, call)
  await followers.move(from, to, replaced !== undefined)
  return { node, created: replaced === undefined }
}

/** A file gives way to a file by itself and at once; whatever else is in the way has to go first. */
async function makeRoom(
  parts: Parts,
  source: VfsPath,
  target: VfsPath,
  replaced: Node,
  call: Call,
): Promise<void> {
  const { tree } = parts
  const known = await tree.stat(source, call)
  if (known.kind === 'file' && replaced.kind === 'file') return
  // Asked of the backend itself: nothing may be removed for a source that is no longer there.
  const node = await tree.look(source, call)
  // The very directory under another name, as on a disk that does not tell `A` from `a`: removing it would lose everything.
  if (node.fileId === replaced.fileId) return
  await removeNode(parts, target, call)
}

async function moveOnTheMac(parts: Parts, from: VfsPath, to: VfsPath, overwrite: boolean): Promise<Placed> {
  const { finder, followers, tree } = parts
  const replaced = finder.find(to)
  if (finder.find(from) === undefined && replaced !== undefined && followers.hasFollowed(from, to)) {
    return { node: replaced, created: false }
  }
  await finder.stat(from)
  if (replaced !== undefined && !overwrite) throw new AppError('already-exists', { path: to })
  const node = await finder.move(from, to)
  await followers.moveBeside(from, to, replaced !== undefined)
  tree.touch(parentOf(from))
  tree.touch(parentOf(to))
  return { node, created: replaced === undefined }
}

/** Out of Finder's directories (an atomic save ends so) or into them (the Trash). The source goes when the copy is complete. */
async function moveAcross(
  parts: Parts,
  from: VfsPath,
  to: VfsPath,
  overwrite: boolean,
  call: Call,
): Promise<Placed> {
  const [source, target] = [treeOf(parts, from), treeOf(parts, to)]
  const node = await source.stat(from, call)
  const replaced = await target.stat(to, call).catch((error: unknown) => {
    if (isAppError(error, 'not-found', 'not-a-directory')) return undefined
    throw error
  })
  if (replaced !== undefined) {
    if (!overwrite) throw new AppError('already-exists', { path: to })
    if (node.kind === 'directory' || replaced.kind === 'directory') await removeNode(parts, to, call, from)
  }
  const placed = await copyTree({ tree: source, path: from }, { tree: target, path: to }, 'infinity', call)
  await parts.followers.moveWithin(from, to)
  await source.remove(from, call)
  await parts.followers.moveBeside(from, to, replaced !== undefined)
  parts.tree.touch(parentOf(from))
  parts.tree.touch(parentOf(to))
  return { node: placed, created: replaced === undefined }
}
