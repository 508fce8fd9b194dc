import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rmdir, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import type { TreeAccess } from './tree-access.ts'

/**
 * The tree through the mounted volume, with the calls any program makes. A call into a volume that hangs cannot be taken back:
 * when the signal comes first, it is left behind in its thread.
 */
export function mountedTree(mountPoint: string): TreeAccess {
  const at = (path: string): string => join(mountPoint, path)
  return {
    list: (dir, signal) => abandonable(readdir(at(dir)), signal),
    read: (path, signal) => abandonable(readFile(at(path), { signal }), signal),
    checksum: async (path, signal) => {
      const hash = createHash('sha256')
      await abandonable(pipeline(createReadStream(at(path)), hash, { signal }), signal)
      return hash.digest('hex')
    },
    write: (path, content, signal) => abandonable(writeFile(at(path), content, { signal }), signal),
    rename: (from, to, signal) => abandonable(rename(at(from), at(to)), signal),
    removeFile: (path, signal) => abandonable(unlink(at(path)), signal),
    makeFolder: (path, signal) => abandonable(mkdir(at(path)), signal),
    removeFolder: (path, signal) => abandonable(rmdir(at(path)), signal),
  }
}

/** `work`, or the signal's reason as soon as it is aborted. */
function abandonable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
