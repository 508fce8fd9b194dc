import { isVolumeError, VolumeError } from './errno.ts'
import type { FileHandle } from './files/file-handle.ts'
import { openFile, type OpenFlags } from './files/open-file.ts'
import { statfsValidMs } from './limits.ts'
import { answersQuota, type WireAttributes } from './parser/multistatus.ts'
import { propfind, quotaProperties } from './requests/propfind.ts'
import { getAttributes } from './vnode/attributes.ts'
import { makeDirectory, readDirectory, removeDirectory } from './vnode/directories.ts'
import { resolve } from './vnode/lookup.ts'
import { removeFile } from './vnode/remove-file.ts'
import { rename } from './vnode/rename.ts'
import type { VolumeParts } from './volume-parts.ts'
import { appleDoublePath, decodeAppleDouble, encodeAppleDouble } from './xattr/apple-double.ts'

/** System calls on the volume, by absolute path. All reject with a `VolumeError`. */
export class Posix {
  readonly #volume: VolumeParts
  #statfsAtMs = -Infinity

  constructor(volume: VolumeParts) {
    this.#volume = volume
  }

  async stat(path: string): Promise<WireAttributes> {
    return getAttributes(this.#volume, await resolve(this.#volume, path))
  }

  async readdir(path: string): Promise<string[]> {
    return readDirectory(this.#volume, await resolve(this.#volume, path))
  }

  open(path: string, flags: OpenFlags = {}): Promise<FileHandle> {
    return openFile(this.#volume, path, flags)
  }

  async mkdir(path: string): Promise<void> {
    this.#requireWritable(path)
    await makeDirectory(this.#volume, path)
  }

  async rmdir(path: string): Promise<void> {
    this.#requireWritable(path)
    await removeDirectory(this.#volume, await resolve(this.#volume, path))
  }

  async unlink(path: string): Promise<void> {
    this.#requireWritable(path)
    await removeFile(this.#volume, await resolve(this.#volume, path))
  }

  async rename(from: string, to: string): Promise<void> {
    this.#requireWritable(from)
    await rename(this.#volume, from, to)
  }

  /** chmod, utimes: the file is opened for writing and closed; nothing about times or mode is sent (webdavfs-403: V:3427-3439, 3517-3552). */
  async setAttributes(path: string): Promise<void> {
    const handle = await this.open(path, { write: true })
    await handle.close()
  }

  /** Asks the server only where it answered quota at mount, and once a minute then (webdavfs-403: F:51). */
  async statfs(): Promise<void> {
    const { clock, hasQuota, agent, calls } = this.#volume
    if (!hasQuota || clock.now() - this.#statfsAtMs < statfsValidMs) return
    this.#statfsAtMs = clock.now()
    const request = { path: agent.basePath, depth: 0, properties: quotaProperties } as const
    await calls.call('statfs', '/', (thread) => propfind(agent, request, thread.name, answersQuota))
  }

  /** The whole content by ordinary open, read, close. */
  async readFile(path: string): Promise<Buffer> {
    const handle = await this.open(path)
    try {
      const chunks: Buffer[] = []
      for (let offset = 0; ;) {
        const chunk = await handle.read(offset, 1024 * 1024)
        if (chunk.length === 0) return Buffer.concat(chunks)
        chunks.push(chunk)
        offset += chunk.length
      }
    } finally {
      await handle.close()
    }
  }

  /** open(O_CREAT | O_TRUNC), write, close, as `cp` and most programs do; with `fsync` a failure is reported. */
  async writeFile(path: string, bytes: Uint8Array, { fsync = false } = {}): Promise<void> {
    const handle = await this.open(path, { write: true, create: true, truncate: true })
    try {
      if (bytes.length > 0) await handle.write(bytes, 0)
      if (fsync) await handle.fsync()
    } finally {
      await handle.close()
    }
  }

  /** The kernel's fallback: a `._name` file through ordinary look-up, create, open and write (xnu bsd/vfs/vfs_xattr.c). */
  async setxattr(path: string, name: string, value: Uint8Array): Promise<void> {
    const doublePath = appleDoublePath(path)
    const known = await this.#readDouble(doublePath)
    known.set(name, Buffer.from(value))
    await this.writeFile(doublePath, encodeAppleDouble(known))
  }

  /** @throws VolumeError ENOATTR */
  async getxattr(path: string, name: string): Promise<Buffer> {
    const value = (await this.#readDouble(appleDoublePath(path))).get(name)
    if (value === undefined) throw new VolumeError('ENOATTR', `${path}: ${name}`)
    return value
  }

  async #readDouble(doublePath: string): Promise<Map<string, Buffer>> {
    try {
      return decodeAppleDouble(await this.readFile(doublePath))
    } catch (error) {
      if (isVolumeError(error, 'ENOENT')) return new Map()
      throw error
    }
  }

  #requireWritable(path: string): void {
    if (this.#volume.isReadOnly) throw new VolumeError('EROFS', path)
  }
}
