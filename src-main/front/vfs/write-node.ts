import { AppError } from '../../shared/errors.ts'
import type { Call, Chunks } from './backend.ts'
import { isFinderPath } from './finder/finder-names.ts'
import type { Parts } from './parts.ts'
import { parentOf, type VfsPath } from './path.ts'
import type { PathClaims } from './path-claims.ts'
import { composed } from './tree/name-forms.ts'
import type { ReceivedUpload } from './uploads/received-upload.ts'
import type { UploadQueue } from './uploads/upload-queue.ts'
import type { Node, Placed } from './vfs.ts'

export interface Writer {
  readonly parts: Parts
  readonly claims: PathClaims
  /** Where bodies wait for the rest of themselves. Without it they are claimed for while they come. */
  readonly uploads: UploadQueue | undefined
}

/**
 * As `Vfs.write`, with the root and read-only drives ruled out. The path is claimed when the body is here: who sends it slowly must
 * keep nobody from the path. What was found out before is found out again then.
 */
export function writeNode(writer: Writer, path: VfsPath, body: Chunks, call: Call): Promise<Placed> {
  return isFinderPath(path) ? writeFinderFile(writer, path, body, call) : writeFile(writer, path, body, call)
}

async function writeFile(
  { parts, claims, uploads }: Writer,
  path: VfsPath,
  body: Chunks,
  call: Call,
): Promise<Placed> {
  const { tree, properties } = parts
  await using received = uploads && (await receive(parts, uploads, path, body, call))
  using _claim = await claims.take([{ path: composed(path), scope: 'node' }], call.signal)
  const before =
    received && tree.recall(path) === 'missing' ? undefined : await findToReplace(parts, path, call)
  const node = await tree.write(path, received ?? body, call)
  // Whatever was kept for an earlier file of that name is not this one's.
  if (before === undefined) properties.remove(path)
  return { node, created: before === undefined }
}

async function receive(
  parts: Parts,
  uploads: UploadQueue,
  path: VfsPath,
  body: Chunks,
  call: Call,
): Promise<ReceivedUpload> {
  await findToReplace(parts, path, call)
  return uploads.receive(await parts.tree.resolve(path, call), body, call)
}

/** @throws AppError `is-a-directory`. */
async function findToReplace({ tree }: Parts, path: VfsPath, call: Call): Promise<Node | undefined> {
  const before = await tree.findToReplace(path, call)
  if (before?.kind === 'directory') throw new AppError('is-a-directory', { path })
  return before
}

async function writeFinderFile(
  { parts, claims }: Writer,
  path: VfsPath,
  body: Chunks,
  call: Call,
): Promise<Placed> {
  const { tree, finder } = parts
  requireFinderParent(parts, path)
  await using received = await finder.receive(path, body, call)
  using _claim = await claims.take([{ path: composed(path), scope: 'node' }], call.signal)
  requireFinderParent(parts, path)
  const created = finder.find(path) === undefined
  const node = await finder.place(path, received)
  tree.touch(parentOf(path))
  return { node, created }
}

/** Of Finder's own directories the backend knows nothing; the store looks after those. */
function requireFinderParent({ tree }: Parts, path: VfsPath): void {
  const parent = parentOf(path)
  if (!isFinderPath(parent) && tree.isKnownMissing(parent)) throw new AppError('parent-missing', { path })
}
