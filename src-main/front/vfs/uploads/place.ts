import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Attributes, Backend, Call } from '../backend.ts'
import { parentOf, rootPath, type VfsPath } from '../path.ts'
import { missingFolderAt } from './missing-folders.ts'
import type { QueueParts } from './queue-parts.ts'
import type { BaseVersion } from './upload.ts'

/**
 * Refuses a path where no file can be placed. Asks the backend only for what nobody has looked at, and believes bad news
 * only from the backend itself: a refused save is lost. While the backend is silent nothing is refused; the delivery will tell.
 * @throws AppError `is-a-directory`, `parent-missing`, `cancelled`.
 */
export async function refuseImpossiblePlace(parts: QueueParts, path: VfsPath, call: Call): Promise<void> {
  if (path === rootPath) throw new AppError('is-a-directory', { path })
  if (parts.index.at(path) !== undefined) return
  const known = parts.knownAt(path)
  const there = isFile(known) || known === 'nothing' ? known : await ask(parts, path, call)
  if (isDirectory(there)) throw new AppError('is-a-directory', { path })
  if (!isFile(there) && !(await isDirectoryAt(parts, parentOf(path), call))) {
    throw new AppError('parent-missing', { path })
  }
}

/** What is at `path`, by the backend's own word. */
export async function look(backend: Backend, path: VfsPath, call: Call): Promise<Attributes | 'nothing'> {
  try {
    return await backend.stat(path, call)
  } catch (error) {
    if (isAppError(error, 'not-found', 'not-a-directory')) return 'nothing'
    throw error
  }
}

/** The version that an upload to `path` will replace, as far as the front knows. An upload that waits there hands its own on. */
export function baseAt(
  { index, promises, knownAt }: Pick<QueueParts, 'index' | 'promises' | 'knownAt'>,
  path: VfsPath,
): BaseVersion {
  return index.at(path)?.newest.record.base ?? promises.versionOf(path, knownAt(path))
}

async function isDirectoryAt(parts: QueueParts, path: VfsPath, call: Call): Promise<boolean> {
  if (path === rootPath || isDirectory(parts.knownAt(path))) return true
  if (parts.index.at(path) !== undefined) return false
  const there = await ask(parts, path, call)
  return there === 'unknown' || isDirectory(there) || missingFolderAt(parts, path) !== undefined
}

async function ask({ backend, health }: QueueParts, path: VfsPath, call: Call): Promise<BaseVersion> {
  if (health.isStalled) return 'unknown'
  try {
    return await look(backend, path, call)
  } catch (error) {
    if (isAppError(error, 'stalled', 'backend-failed')) return 'unknown'
    throw error
  }
}

function isFile(known: BaseVersion): boolean {
  return typeof known === 'object' && known.kind === 'file'
}

function isDirectory(known: BaseVersion): boolean {
  return typeof known === 'object' && known.kind === 'directory'
}
