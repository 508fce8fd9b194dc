import { finished } from 'node:stream'
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Clock } from '../../lib/clock.ts'

/**
 * macOS gives a call 90 s, however many questions to the backend its answer takes; each of those is held for less by itself. Counted from the
 * end of the request's body: an upload takes as long as it takes.
 */
const patienceMs = 80_000

/** Calls `giveUp` when no answer to a request has begun within a client's patience. Dispose it when the exchange is over. */
export function limitPatience(
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
  giveUp: () => void,
): Disposable {
  let timer: Disposable | undefined
  let isOver = false
  const start = (): void => {
    if (isOver) return
    timer = clock.setTimeout(() => {
      if (!response.headersSent) giveUp()
    }, patienceMs)
  }
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers
  if (length === '0' && coding === undefined) start()
  else finished(request, { writable: false, error: false }, start)
  return {
    [Symbol.dispose]: () => {
      isOver = true
      timer?.[Symbol.dispose]()
    },
  }
}
