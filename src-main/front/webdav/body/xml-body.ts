import type { Exchange } from '../exchange.ts'

import { HttpRefusal } from '../refusal.ts'
import { xmlLimits } from '../xml/read-xml.ts'
import { inviteBody } from './invite-body.ts'

/**
 * The request body as text, empty when there is none.
 * @throws HttpRefusal 413 beyond 1 MiB, 400 when it is not UTF-8 or breaks off.
 */
export async function readTextBody({ request, response }: Exchange): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > xmlLimits.bytes) throw new HttpRefusal(413)
  inviteBody(request, response)
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      size += piece.length
      if (size > xmlLimits.bytes) throw new HttpRefusal(413)
      pieces.push(piece)
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
  } catch (error) {
    throw error instanceof HttpRefusal ? error : new HttpRefusal(400, { cause: error })
  }
}
