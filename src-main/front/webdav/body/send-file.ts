import type { ServerResponse } from 'node:http'

import type { OpenedNode } from '../../vfs/vfs.ts'
import { writePiece } from '../respond.ts'

/** Sends an opened file's bytes and closes it, whatever happens. The head must have been written. */
export async function sendFile(
  response: ServerResponse,
  opened: Pick<OpenedNode, 'body' | 'close'>,
): Promise<void> {
  try {
    await writeFile(response, opened)
  } finally {
    await opened.close()
  }
}

/** As `sendFile`, but leaves the response open for more. */
export async function writeFile(response: ServerResponse, opened: Pick<OpenedNode, 'body'>): Promise<void> {
  // A chunk's memory is ours only until the next one is asked for, so each is flushed before.
  for await (const chunk of opened.body) await writePiece(response, chunk)
}
