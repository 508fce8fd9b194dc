import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'

import { BridgeError } from './bridge-error.ts'

/** Certificate and key of a tunnel identity are some 4 KiB. */
const maxBodyBytes = 256 * 1024

/**
 * The JSON body of a short request. @throws BridgeError `bad-request` for one that is too long, cut off, no JSON or not as `schema`
 * wants it; nothing of the body is in the error.
 */
export async function readJsonBody<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(parseJson(await readBody(request)))
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ')
  throw new BridgeError('bad-request', { reason: `body not as agreed: ${fields || 'as a whole'}` })
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length
      if (length > maxBodyBytes) break
      parts.push(part)
    }
  } catch (error) {
    throw new BridgeError('bad-request', { reason: 'body cut off' }, { cause: error })
  }
  if (length > maxBodyBytes) throw new BridgeError('bad-request', { reason: 'body too long' })
  return Buffer.concat(parts).toString()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BridgeError('bad-request', { reason: 'body is no JSON' })
  }
}
