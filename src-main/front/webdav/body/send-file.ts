import type { ServerResponse } from 'node:http'

import type { OpenedNode } from '../../vfs/vfs.ts'
import { writePiece, type FlatHeaders } from '../respond.ts'

type Opened = Pick<OpenedNode, 'body' | 'length' | 'close'>

/**
 * Answers with an opened file's bytes and closes it, whatever happens. The head waits for the first bytes: a read that fails at once
 * can still be refused, while a connection that breaks before the first byte takes macOS's whole volume down.
 */
export async function respondWithFile(
  response: ServerResponse,
  status: 200 | 206,
  headers: FlatHeaders,
  opened: Opened,
): Promise<void> {
  try {
    const chunks = opened.body[Symbol.asyncIterator]()
    const first = await chunks.next()
    response.writeHead(status, [...headers])
    // Head and body of a small file leave in one write.
    if (first.done === true) response.end()
    else if (first.value.length === opened.length) await endWith(response, first.value)
    else {
      await writePiece(response, first.value)
      await writeRest(response, chunks)
      response.end()
    }
  } finally {
    await opened.close()
  }
}

/** Writes an opened file's bytes into a response that goes on after them; leaves the file to its owner. */
export async function writeFile(response: ServerResponse, opened: Opened): Promise<void> {
  await writeRest(response, opened.body[Symbol.asyncIterator]())
}

/** A chunk's memory is ours only until the next one is asked for, so each is flushed before. */
async function writeRest(response: ServerResponse, chunks: AsyncIterator<Uint8Array>): Promise<void> {
  for await (const chunk of { [Symbol.asyncIterator]: () => chunks }) await writePiece(response, chunk)
}

/** Resolves when the chunk's memory is free again: sent, or nobody there to send it to. */
function endWith(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  // A response that is closed already calls back nobody.
  if (response.closed) return Promise.resolve()
  return new Promise((resolve) => {
    response.once('close', resolve)
    response.end(chunk, () => resolve())
  })
}
