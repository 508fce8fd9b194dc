import { isVolumeError } from '../errno.ts'
import type { Posix } from '../posix.ts'
import { appleDoublePath } from '../xattr/apple-double.ts'

/** Names Finder looks for right after a mount (sabre.io "Finder", jsDAV wiki, dav-server-rs "APPLE-Finder-hints"). */
export const volumeProbes = [
  '/.Spotlight-V100',
  '/.metadata_never_index',
  '/.hidden',
  '/._.',
  '/Backups.backupdb',
  '/.DS_Store',
  '/._.DS_Store',
  '/.localized',
  '/.ql_disablethumbnails',
  '/.ql_disablecache',
  '/.Trashes',
  '/.TemporaryItems',
  '/.fseventsd',
  '/DCIM',
] as const

/** True when `path` is there; whatever a look-up fails with is "no". */
export async function exists(posix: Posix, path: string): Promise<boolean> {
  try {
    await posix.stat(path)
    return true
  } catch (error) {
    if (isVolumeError(error)) return false
    throw error
  }
}

/** Whether `path` has an AppleDouble file, as Finder asks for nearly every file it shows or moves. */
export function hasAppleDouble(posix: Posix, path: string): Promise<boolean> {
  return exists(posix, appleDoublePath(path))
}

/** `directory` and `name` as one absolute path. */
export function join(directory: string, name: string): string {
  return `${directory.replace(/\/$/, '')}/${name}`
}
