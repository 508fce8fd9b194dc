import { appleDoublePath } from '../xattr/apple-double.ts'
import { isVolumeError } from '../errno.ts'
import type { Posix } from '../posix.ts'
import { exists, hasAppleDouble, join } from './probes.ts'

/** Renames or moves, and the AppleDouble file after it. */
export async function renameWithDouble(posix: Posix, from: string, to: string): Promise<void> {
  await exists(posix, to)
  await posix.rename(from, to)
  if (await exists(posix, appleDoublePath(from)))
    await posix.rename(appleDoublePath(from), appleDoublePath(to))
  await posix.stat(to)
}

/** ⇧⌘N: a folder, and a look into it. */
export async function newFolder(posix: Posix, path: string): Promise<void> {
  await exists(posix, path)
  await posix.mkdir(path)
  await posix.stat(path)
  await posix.readdir(path)
}

/** Deletes a file or a whole folder, leaf by leaf; each folder is asked for its children once more before its DELETE. */
export async function deleteTree(posix: Posix, path: string): Promise<void> {
  const attributes = await posix.stat(path)
  if (attributes.kind === 'directory') {
    for (const name of await posix.readdir(path)) {
      // An AppleDouble file goes with the file it belongs to, which stands beside it in the listing.
      if (await exists(posix, join(path, name))) await deleteTree(posix, join(path, name))
    }
    await posix.rmdir(path)
  } else {
    await posix.unlink(path)
  }
  if (isAppleDouble(path)) return
  if (await hasAppleDouble(posix, path)) await asAfterthought(posix.unlink(appleDoublePath(path)))
}

/** The kernel does this behind rename(2) and unlink(2), and tells no one how it went (xnu bsd/vfs/kpi_vfs.c, vn_rename, vn_remove). */
async function asAfterthought(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isVolumeError(error)) throw error
  })
}

function isAppleDouble(path: string): boolean {
  return path.slice(path.lastIndexOf('/') + 1).startsWith('._')
}
