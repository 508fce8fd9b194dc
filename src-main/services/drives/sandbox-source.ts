import { realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'

import { AppError } from '../../shared/errors.ts'

/** @throws AppError `source-missing` {path}, `source-not-a-folder` {path}. */
export async function canonicalFolder(dir: string): Promise<string> {
  const path = resolve(dir)
  let canonical: string
  try {
    canonical = await realpath(path)
  } catch (error) {
    throw new AppError('source-missing', { path }, { cause: error })
  }
  if (!(await stat(canonical)).isDirectory()) throw new AppError('source-not-a-folder', { path })
  return canonical
}

/**
 * A volume inside the folder it shows (or the other way round) would contain itself, and looking at it would never end.
 * @throws AppError `mount-point-inside-source`.
 */
export async function refuseLoop(sourceDir: string, mountPoint: string): Promise<void> {
  const place = await canonicalParent(mountPoint)
  if (contains(sourceDir, place) || contains(place, sourceDir)) {
    throw new AppError('mount-point-inside-source', { mountPoint, sourceDir })
  }
}

function contains(outer: string, inner: string): boolean {
  const way = relative(outer, inner)
  return way === '' || (way !== '..' && !way.startsWith('../'))
}

/** `path` with the links in its existing part resolved; `path` itself is not looked at, it may be a dead volume. */
async function canonicalParent(path: string): Promise<string> {
  const parent = dirname(path)
  if (parent === path) return path
  const canonical = await realpath(parent).catch(() => canonicalParent(parent))
  return join(canonical, relative(parent, path))
}
