import { appleDoublePath } from '../xattr/apple-double.ts'
import type { Posix } from '../posix.ts'
import { copyOut } from './browsing.ts'
import { exists, hasAppleDouble } from './probes.ts'

export interface CopyInOptions {
  /** Extended attributes of the source; nearly every file on a Mac has `com.apple.provenance` at least. */
  readonly xattrs?: Readonly<Record<string, Uint8Array>>
  /** What Finder announces where it differs from what it then sends, because the source changed under it. */
  readonly announcedBytes?: number
  /** The user presses ✕ after this many bytes. */
  readonly cancelAfterBytes?: number
}

/** Bytes handed to one write call while copying. */
const copyBufferBytes = 1024 * 1024

/**
 * Drags a file into the volume: look-ups, empty PUT, LOCK, one chunked PUT with `X-Expected-Entity-Length`, UNLOCK, stat, then the extended
 * attributes (pydio-core#581 and nextcloud/all-in-one#4582 show this on the wire).
 */
export async function copyIn(
  posix: Posix,
  path: string,
  bytes: Uint8Array,
  options: CopyInOptions = {},
): Promise<void> {
  await exists(posix, path)
  await hasAppleDouble(posix, path)
  const handle = await posix.open(path, { write: true, create: true, exclusive: true })
  try {
    await handle.beginSequential(options.announcedBytes ?? bytes.length)
    const end = Math.min(bytes.length, options.cancelAfterBytes ?? bytes.length)
    for (let offset = 0; offset < end; offset += copyBufferBytes) {
      await handle.writeSequential(bytes.subarray(offset, Math.min(end, offset + copyBufferBytes)))
    }
    if (end < bytes.length) handle.cancelSequential()
  } finally {
    await handle.close()
  }
  if (options.cancelAfterBytes !== undefined) return posix.unlink(path)
  await posix.stat(path)
  for (const [name, value] of Object.entries(options.xattrs ?? {})) await posix.setxattr(path, name, value)
  await posix.readdir(path.slice(0, Math.max(1, path.lastIndexOf('/'))))
}

/** `cp file volume/`: the ordinary path, PUT with Content-Length at close, errors of which are lost; then the attributes. */
export async function cpIn(
  posix: Posix,
  path: string,
  bytes: Uint8Array,
  options: Pick<CopyInOptions, 'xattrs'> = {},
): Promise<void> {
  await exists(posix, path)
  await posix.writeFile(path, bytes)
  for (const [name, value] of Object.entries(options.xattrs ?? {})) await posix.setxattr(path, name, value)
  await posix.setAttributes(path)
}

/** Finder's Duplicate: download and copy in again; this client never sends COPY. */
export async function duplicate(posix: Posix, path: string, copyPath: string): Promise<void> {
  const bytes = await copyOut(posix, path)
  const hasDouble = await hasAppleDouble(posix, path)
  const double = hasDouble ? await posix.readFile(appleDoublePath(path)) : undefined
  await copyIn(posix, copyPath, bytes)
  if (double !== undefined) await posix.writeFile(appleDoublePath(copyPath), double)
}
