import type { IncomingMessage } from 'node:http'

import { attributesHeader } from '../../../../docker/bridge/api/files.ts'
import { cancelled } from '../../files/abort.ts'
import type { Chunks, OpenedFile } from '../../vfs/backend.ts'
import { attributesFrom } from './answer.ts'
import { brokenConnection } from './bridge-failure.ts'

/**
 * The file whose bytes `answer` brings. An abort, and giving the file back, hang up, which ends the reading in the agent.
 * @throws AppError `stalled` when the answer does not say what file it is.
 */
export function openContent(answer: IncomingMessage, signal: AbortSignal): OpenedFile {
  const { attributes, length } = describe(answer)
  let isClosed = false
  const onAbort = (): void => void answer.destroy()
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  // Its body may never be asked for, and what breaks then concerns nobody.
  answer.on('error', () => undefined)

  const close = (): Promise<void> => {
    isClosed = true
    signal.removeEventListener('abort', onAbort)
    answer.destroy()
    return Promise.resolve()
  }

  async function* body(): Chunks {
    let leftBytes = length
    try {
      if (isClosed) return
      for await (const chunk of answer as AsyncIterable<Uint8Array>) {
        if (signal.aborted) throw cancelled(signal)
        leftBytes -= chunk.length
        yield chunk
      }
    } catch (error) {
      if (isClosed) return
      throw signal.aborted ? cancelled(signal) : brokenConnection(error)
    } finally {
      // Read to its end, the connection serves the next request.
      if (leftBytes === 0) signal.removeEventListener('abort', onAbort)
      else await close()
    }
    if (signal.aborted) throw cancelled(signal)
    if (leftBytes !== 0) throw brokenConnection(new Error('cut off'))
  }
  return { attributes, length, body: body(), close }
}

function describe(answer: IncomingMessage): Pick<OpenedFile, 'attributes' | 'length'> {
  const length = Number(answer.headers['content-length'])
  const header = answer.headers[attributesHeader]
  if (!Number.isSafeInteger(length) || typeof header !== 'string') {
    answer.destroy()
    throw brokenConnection(new Error('content without its length or attributes'))
  }
  try {
    return { attributes: attributesFrom(JSON.parse(header)), length }
  } catch (error) {
    answer.destroy()
    throw brokenConnection(error)
  }
}
