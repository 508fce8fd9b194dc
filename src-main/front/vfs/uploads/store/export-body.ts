import { dirname } from 'node:path'

import { fromErrno } from '../../../files/errno.ts'
import { close, fsync, open, unlink } from '../../../files/fs-calls.ts'
import { syncDirectory } from '../../../files/sync-directory.ts'
import { writeChunks } from '../../../files/write-chunks.ts'
import type { Chunks } from '../../backend.ts'

/**
 * Writes `body` to a new file of the user's and syncs it. No file is left when it fails, and none is ever replaced.
 * @throws what `body` throws; AppError `already-exists`, `parent-missing`, `permission-denied`, `read-only`, `no-space`, each {path}.
 */
export async function exportBody(body: Chunks, destinationPath: string, signal: AbortSignal): Promise<void> {
  try {
    const fd = await open(destinationPath, 'wx').catch(async (error: unknown) => {
      await body[Symbol.asyncIterator]().return?.()
      throw error
    })
    try {
      await fill(fd, body, signal).finally(() => close(fd))
    } catch (error) {
      await unlink(destinationPath).catch(() => undefined)
      throw error
    }
    await syncDirectory(dirname(destinationPath))
  } catch (error) {
    throw fromErrno(error, destinationPath, 'create')
  }
}

async function fill(fd: number, body: Chunks, signal: AbortSignal): Promise<void> {
  await writeChunks(fd, body, signal)
  await fsync(fd)
}
