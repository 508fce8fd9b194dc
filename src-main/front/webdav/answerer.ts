import type { IncomingMessage, ServerResponse } from 'node:http'

import { createMethodTable } from './dispatch.ts'
import type { Dav, Exchange } from './exchange.ts'
import { isOurs, splitAuthority } from './gate/authority.ts'
import { readTarget, type Target } from './gate/request-target.ts'
import { encodePath } from './href.ts'
import type { Manner } from './manner.ts'
import { allowedMethods, options } from './methods/options.ts'
import { HttpRefusal } from './refusal.ts'

/** Takes one request through the gate to its method. Rejects with what it is to be refused with. */
export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  manner: Manner,
  signal: AbortSignal,
) => Promise<void>

export function createAnswerer(dav: Dav, pathSecret: string): Answer {
  const methods = createMethodTable()
  const hrefOf: Exchange['hrefOf'] = (path) => `/${pathSecret}${encodePath(path)}`

  return async (request, response, manner, signal) => {
    const port = request.socket.localPort ?? 0
    const { method = '', url = '' } = request
    checkOrigin(request, port)
    // `OPTIONS *` asks about the server, not about a path; macOS's mount dialog does. It gives nothing away.
    const target = method === 'OPTIONS' && url === '*' ? undefined : targetOf(url, port, pathSecret)
    if (method === 'OPTIONS' || target === undefined) {
      options(response)
      return
    }
    const handle = methods.get(method)
    if (handle === undefined) throw new HttpRefusal(405, { headers: { Allow: allowedMethods } })
    const destinationOf: Exchange['targetOf'] = (uri) => destination(uri, port, pathSecret)
    await handle(
      { request, response, manner, target, call: { signal }, targetOf: destinationOf, hrefOf },
      dav,
    )
  }
}

/**
 * @throws HttpRefusal 403 for a request that names another host, or that a web page of any origin has made. Browsers send `Origin` with
 * what may write, and `Sec-Fetch-Site` also with what a page embeds; `none` is a person at the address bar.
 */
function checkOrigin({ headers }: IncomingMessage, port: number): void {
  const site = headers['sec-fetch-site'] ?? 'none'
  if (!isOurs(headers.host, port) || headers.origin !== undefined || site !== 'none')
    throw new HttpRefusal(403)
}

function targetOf(uri: string, port: number, pathSecret: string): Target {
  const { authority, pathAndQuery } = splitAuthority(uri)
  if (authority !== undefined && !isOurs(authority, port)) throw new HttpRefusal(403)
  return readTarget(pathAndQuery, pathSecret)
}

/** A place outside our path is another server's, for all we say about it (RFC 4918 §9.8.5). */
function destination(uri: string, port: number, pathSecret: string): Target {
  try {
    return targetOf(uri, port, pathSecret)
  } catch (cause) {
    const { authority } = splitAuthority(uri)
    const isElsewhere =
      cause instanceof HttpRefusal &&
      (cause.status === 404 || (authority !== undefined && !isOurs(authority, port)))
    throw isElsewhere ? new HttpRefusal(502, { cause }) : cause
  }
}
