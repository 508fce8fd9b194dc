import type { Posix } from '../posix.ts'
import { exists, hasAppleDouble, join, volumeProbes } from './probes.ts'

/** How much of a file an icon preview reads before it closes it. */
const previewBytes = 16 * 1024

/** What Finder does right after a mount: the root several times at once, then its usual names. */
export async function settleIn(posix: Posix): Promise<void> {
  await Promise.all([posix.stat('/'), posix.stat('/'), posix.readdir('/'), posix.readdir('/')])
  for (const path of volumeProbes) await exists(posix, path)
}

/**
 * Opens a folder's window: its listing, Finder's own names in it, the AppleDouble file of each entry, and with `previews` the beginning
 * of each file. Resolves with the names the window shows.
 */
export async function openFolder(posix: Posix, path: string, { previews = false } = {}): Promise<string[]> {
  const names = (await posix.readdir(path)).filter((name) => !name.startsWith('.'))
  for (const probe of ['.DS_Store', '.localized']) await exists(posix, join(path, probe))
  await hasAppleDouble(posix, path)
  for (const name of names) {
    const child = join(path, name)
    const attributes = await posix.stat(child)
    await hasAppleDouble(posix, child)
    if (previews && attributes.kind === 'file') await quickLook(posix, child)
  }
  return names
}

/** Reads the beginning of a file for a preview and closes it; the rest of the download is cut off mid-body. */
export async function quickLook(posix: Posix, path: string): Promise<Buffer> {
  const handle = await posix.open(path)
  try {
    return await handle.read(0, previewBytes)
  } finally {
    await handle.close()
  }
}

/** Drags a file out of the volume: its content and its AppleDouble file. */
export async function copyOut(posix: Posix, path: string): Promise<Buffer> {
  const bytes = await posix.readFile(path)
  await exists(posix, path)
  if (await hasAppleDouble(posix, path))
    await posix.getxattr(path, 'com.apple.FinderInfo').catch(() => undefined)
  return bytes
}
