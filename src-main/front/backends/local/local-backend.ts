import { systemClock, type Clock } from '../../../lib/clock.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Attributes, Backend, Call, SpaceInfo } from '../../vfs/backend.ts'
import { rootPath, type VfsPath } from '../../vfs/path.ts'
import { orAborted, throwIfAborted } from '../../files/abort.ts'
import { requireAttributes } from './attributes.ts'
import { Containment } from './containment.ts'
import { errnoOf, fromErrno, type Intent } from '../../files/errno.ts'
import { lstat, mkdir, realpath, stat, statfs } from '../../files/fs-calls.ts'
import { listDirectory } from './list-directory.ts'
import { moveEntry } from './move-entry.ts'
import { openFile } from './open-file.ts'
import { removeEntry } from './remove-entry.ts'
import { syncDirectory } from '../../files/sync-directory.ts'
import { writeFile } from './write-file.ts'

export interface LocalBackendOptions {
  /** An existing folder; links on the way to it are followed once, now. */
  readonly rootDir: string
  /** Whether a write, a move or a new directory is on the disk (fsync) before it counts as done. */
  readonly durable: boolean
  readonly clock?: Clock
}

/**
 * A folder of this machine as a backend. Nothing to dispose: between calls it holds no descriptor.
 *
 * Calls that only read answer an abort at once. Those that change the tree first see the system call under way to its
 * end and clean up, so that nothing happens after the answer; past the step that makes the change, they complete.
 *
 * @throws AppError `source-missing`, `source-not-a-folder`, or what the system refuses.
 */
export async function createLocalBackend({
  rootDir,
  durable,
  clock = systemClock,
}: LocalBackendOptions): Promise<Backend> {
  const realRootDir = await findRoot(rootDir)
  const tree = new Containment(realRootDir)

  /** The edge where errno errors become AppErrors. */
  const answer = async <T>(
    path: VfsPath,
    intent: Intent,
    signal: AbortSignal,
    operate: () => Promise<T>,
  ): Promise<T> => {
    throwIfAborted(signal)
    try {
      return await operate()
    } catch (error) {
      const failure = fromErrno(error, path, intent)
      if (isAppError(failure, 'not-found', 'parent-missing')) await requireRoot(realRootDir, failure)
      throw failure
    }
  }

  /** For calls that change nothing: an abort need not wait for them. */
  const ask = <T>(path: VfsPath, call: Call, operate: () => Promise<T>): Promise<T> =>
    orAborted(answer(path, 'use', call.signal, operate), call.signal)

  return {
    list: (path, call) => ask(path, call, () => listDirectory(tree, path, clock, call.signal)),
    stat: (path, call) => ask(path, call, () => statEntry(tree, path)),
    read: (path, range, call) => ask(path, call, () => openFile(tree, path, range, call.signal)),
    write: (path, body, { signal }) =>
      answer(path, 'create', signal, () => writeFile(tree, path, body, { durable, signal })),
    makeDirectory: (path, { signal }) =>
      answer(path, 'create', signal, () => makeDirectory(tree, path, { durable, signal })),
    move: (from, to, { signal }) =>
      answer(to, 'create', signal, () => moveEntry(tree, from, to, { durable, signal })),
    remove: (path, { signal }) => answer(path, 'use', signal, () => removeEntry(tree, path, signal)),
    statfs: (call) => ask(rootPath, call, () => spaceOf(realRootDir)),
  }
}

async function findRoot(rootDir: string): Promise<string> {
  try {
    const realRootDir = await realpath(rootDir)
    if ((await stat(realRootDir)).isDirectory()) return realRootDir
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw new AppError('source-missing', { path: rootDir }, { cause: error })
    if (errnoOf(error) !== 'ENOTDIR') throw fromErrno(error, rootPath, 'use')
  }
  throw new AppError('source-not-a-folder', { path: rootDir })
}

/**
 * A folder that went away with its disk is a fault of the backend; "not found" would tell clients to forget their files.
 * @throws AppError `backend-failed`.
 */
async function requireRoot(rootDir: string, failure: AppError): Promise<void> {
  await lstat(rootDir).catch(() => {
    throw new AppError('backend-failed', { path: rootDir }, { cause: failure })
  })
}

async function statEntry(tree: Containment, path: VfsPath): Promise<Attributes> {
  const { stats } = await tree.follow(await tree.findExisting(path), path)
  if (stats === undefined) throw new AppError('not-found', { path })
  return requireAttributes(stats, path)
}

async function spaceOf(rootDir: string): Promise<SpaceInfo> {
  const { bsize, blocks, bavail } = await statfs(rootDir)
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize }
}

async function makeDirectory(
  tree: Containment,
  path: VfsPath,
  { durable, signal }: { readonly durable: boolean; readonly signal: AbortSignal },
): Promise<Attributes> {
  if (path === '/') throw new AppError('already-exists', { path })
  const { location, stats } = await tree.find(path, 'create')
  if (stats !== undefined) throw new AppError('already-exists', { path })
  throwIfAborted(signal)
  await mkdir(location)
  if (durable) await syncDirectory(location.slice(0, location.lastIndexOf('/')) || '/')
  return requireAttributes(await lstat(location), path)
}
