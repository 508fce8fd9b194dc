import type { ServerResponse } from 'node:http'

import { BridgeError } from '../../lib/bridge-error.ts'
import { blockBytes, type BufferPool } from './buffer-pool.ts'
import { read } from './fs-calls.ts'
import type { OpenContent } from './open-content.ts'
import type { Task } from './task.ts'

/** A film may be paused for a while; a client that takes nothing for this long will not come back for the rest. */
const patienceMs = 30 * 60_000

/**
 * Sends the bytes of an open file, one block ahead of what the client takes: two blocks of memory, however large the file. `task` should be
 * in the lane for reading, which is held for single reads only: a client may take its time.
 *
 * @throws BridgeError `cancelled` once the client has hung up, `backend-failed` for a file that has become shorter; an errno error. None
 * is left reading after it.
 */
export async function sendContent(
  { fd, position, length }: OpenContent,
  response: ServerResponse,
  task: Task,
  pool: BufferPool,
): Promise<void> {
  const end = position + length
  const blockAt = (at: number): Promise<Buffer> | undefined =>
    at < end ? readBlock(fd, at, Math.min(blockBytes, end - at), task, pool) : undefined
  let next = position
  let ahead = blockAt(next)
  try {
    while (ahead !== undefined) {
      const block = await ahead
      next += Math.min(blockBytes, end - next)
      ahead = blockAt(next)
      // It may fail before anybody asks for it.
      ahead?.catch(() => undefined)
      await send(response, block)
      pool.giveBack(block)
    }
  } finally {
    // Its descriptor's number must not be given to another file while it is read.
    await ahead?.catch(() => undefined)
  }
}

async function readBlock(
  fd: number,
  position: number,
  length: number,
  task: Task,
  pool: BufferPool,
): Promise<Buffer> {
  const buffer = pool.take(length)
  for (let filled = 0; filled < length;) {
    const at = filled
    const { bytesRead } = await task.run(() => read(fd, buffer, at, length - at, position + at))
    if (bytesRead === 0) {
      throw new BridgeError('backend-failed', { reason: `ended at byte ${position + at}` })
    }
    filled += bytesRead
  }
  return buffer
}

/** Resolves when the kernel has taken `block`, so that its memory may be used again. @throws BridgeError `cancelled`. */
function send(response: ServerResponse, block: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = (): void => {
      clearTimeout(patience)
      reject(new BridgeError('cancelled'))
    }
    const patience = setTimeout(() => response.destroy(), patienceMs)
    response.once('close', onClose)
    if (response.destroyed) onClose()
    response.write(block, (error) => {
      clearTimeout(patience)
      response.off('close', onClose)
      if (error) reject(new BridgeError('cancelled', {}, { cause: error }))
      else resolve()
    })
  })
}
