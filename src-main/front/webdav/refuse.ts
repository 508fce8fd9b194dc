import type { ServerResponse } from 'node:http'
import { finished } from 'node:stream'

import type { Manner } from './manner.ts'
import { HttpRefusal, statusFor } from './refusal.ts'
import { emptyHeaders, xmlHeaders, type FlatHeaders } from './respond.ts'

/**
 * Answers a failed request. When the head is out already the only honest thing left is to break the connection off,
 * so that a short body is not taken for a whole one.
 */
export function refuse(response: ServerResponse, error: unknown, manner: Manner): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const status = statusFor(error, manner)
  const headers = error instanceof HttpRefusal ? Object.entries(error.headers).flat() : []
  if (status === 503) headers.push('Retry-After', '5')
  if (error instanceof HttpRefusal && error.precondition !== undefined && manner === 'standard') {
    const inner = error.href === undefined ? '' : `<href>${error.href}</href>`
    const name = error.precondition
    const xml = `<?xml version="1.0" encoding="utf-8"?>\n<error xmlns="DAV:"><${name}>${inner}</${name}></error>`
    const body = Buffer.from(xml)
    respondBeforeBody(response, status, [...xmlHeaders(body), ...headers], body)
  } else {
    respondBeforeBody(response, status, [...headers, ...emptyHeaders(status)])
  }
}

/**
 * Sends the whole answer now, but ends it only when the request's own body has been read to its end. A connection that is closed
 * over unread bytes is reset: the client loses the answer, and macOS declares its volume dead. One that is kept would stand still.
 */
function respondBeforeBody(
  response: ServerResponse,
  status: number,
  headers: FlatHeaders,
  body?: Buffer,
): void {
  const { req: request } = response
  response.writeHead(status, [...headers])
  if (request.complete) {
    request.resume()
    response.end(body)
    return
  }
  if (body === undefined) response.flushHeaders()
  else response.write(body)
  finished(request.resume(), () => response.end())
}
