import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Chunks } from '../../vfs/backend.ts'
import { HttpRefusal } from '../refusal.ts'
import { inviteBody } from './invite-body.ts'

/** Some clients announce a length, send all of it and never end the body; after this long without more it counts as whole. */
const unendedBodyGraceMs = 1_000

/** A PUT's body, with what its head says about its length. */
export interface FileBody {
  readonly chunks: Chunks
  /** By `Content-Length` or Finder's hint; undefined for a chunked body without one. Known before the body is invited. */
  readonly expectedBytes: number | undefined
}

/**
 * A PUT's body. Finder sends it chunked with `X-Expected-Entity-Length`, which is the only way to tell a copy that was
 * cancelled (fewer bytes, then a regular end) from one that is complete.
 * The chunks reject with `body-incomplete` when fewer bytes come than were announced or the connection is lost.
 * @throws HttpRefusal 400 for `Content-Range`: RFC 9110 §14.5 lets a server refuse partial PUT, and taking it for a whole one destroys the file;
 * 415 for a `Content-Encoding`.
 */
export function readFileBody(request: IncomingMessage, response: ServerResponse, clock: Clock): FileBody {
  if (request.headers['content-range'] !== undefined) throw new HttpRefusal(400)
  // Stored as it comes, a compressed body would be handed out as if it were the file.
  if (!['identity', undefined].includes(request.headers['content-encoding'])) throw new HttpRefusal(415)
  const hintedBytes = wholeNumber(request.headers['x-expected-entity-length'])
  const chunks =
    hintedBytes === undefined
      ? wholeBody(request, response)
      : hintedBody(request, response, clock, hintedBytes)
  return { chunks, expectedBytes: hintedBytes ?? wholeNumber(request.headers['content-length']) }
}

function wholeNumber(text: string | string[] | undefined): number | undefined {
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

async function* wholeBody(
  request: IncomingMessage,
  response: ServerResponse,
): AsyncGenerator<Uint8Array, void> {
  inviteBody(request, response)
  try {
    // Ending the iteration early must not destroy the socket: a refusal still has to reach the client.
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch (cause) {
    throw new AppError('body-incomplete', {}, { cause })
  }
}

async function* hintedBody(
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
  expectedBytes: number,
): AsyncGenerator<Uint8Array, void> {
  const chunks = wholeBody(request, response)
  let received = 0
  for (;;) {
    const pending = chunks.next()
    const next = received < expectedBytes ? await pending : await nextWithin(pending, clock)
    if (next === 'nothing-more') {
      // What follows on this connection could not be told from the rest of this body.
      response.setHeader('Connection', 'close')
      return
    }
    if (next.done === true) break
    received += next.value.length
    yield next.value
  }
  if (received < expectedBytes) throw new AppError('body-incomplete', { received, expected: expectedBytes })
}

async function nextWithin<T>(pending: Promise<T>, clock: Clock): Promise<T | 'nothing-more'> {
  const grace = new AbortController()
  try {
    const timeout = clock.sleep(unendedBodyGraceMs, grace.signal).then(
      () => 'nothing-more' as const,
      () => 'nothing-more' as const,
    )
    pending.catch(() => undefined) // Looked at only when it wins.
    return await Promise.race([pending, timeout])
  } finally {
    grace.abort()
  }
}
