import { lstat, mkdir, readdir, realpath, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { AppError } from '../../shared/errors.ts'

/**
 * `mountPoint` as the mount table will show it: symbolic links in its parents resolved. The mount point itself is not touched, for
 * something may be mounted on it. As it is when the parents do not exist.
 */
export async function resolveMountPoint(mountPoint: string): Promise<string> {
  try {
    return join(await realpath(dirname(mountPoint)), basename(mountPoint))
  } catch {
    return mountPoint
  }
}

/**
 * Makes the folder and its parents (mode 0700), or checks that the one that is there is an empty one; true when it was made.
 * Only for a path on which nothing is mounted. @throws AppError `mount-point-missing`, `mount-point-not-empty` {mountPoint}.
 */
export async function prepareMountPoint(mountPoint: string): Promise<boolean> {
  try {
    await mkdir(dirname(mountPoint), { recursive: true, mode: 0o700 })
    await mkdir(mountPoint, { mode: 0o700 })
    return true
  } catch (cause) {
    if (!(await isDirectory(mountPoint))) throw new AppError('mount-point-missing', { mountPoint }, { cause })
  }
  if ((await readdir(mountPoint)).length > 0) throw new AppError('mount-point-not-empty', { mountPoint })
  return false
}

/** Removes the folder when it is empty; what is not, or is not there, stays as it is. */
export async function removeMountPoint(mountPoint: string): Promise<void> {
  await rmdir(mountPoint).catch(() => undefined)
}

async function isDirectory(path: string): Promise<boolean> {
  return await lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}
