import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { callbackPage } from './callback-page.ts'
import { isSameSecret } from './pkce.ts'

export const callbackPath = '/oauth/callback'

/** What is registered with AWS: RFC 8252 has loopback redirects match whatever their port. */
export const registeredRedirectUri = `http://127.0.0.1${callbackPath}`

/** What the browser came back with. `error` is the name that OAuth has for the refusal. */
export type Callback =
  { readonly kind: 'code'; readonly code: string } | { readonly kind: 'refused'; readonly error: string }

/** A listener for one callback. Whoever holds it disposes it; connections that are open then are cut. */
export interface Loopback extends AsyncDisposable {
  readonly redirectUri: string
  /** Never rejects; pending for ever when no callback comes. */
  readonly callback: Promise<Callback>
}

/**
 * Listens on 127.0.0.1 for the one request that brings `state` back. All others are answered 404 and change nothing, as are those
 * that come after it.
 * @throws the system's error when it cannot listen.
 */
export async function listenForCallback(state: string): Promise<Loopback> {
  const { promise: callback, resolve } = Promise.withResolvers<Callback>()
  let taken = false
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const found = taken ? undefined : callbackIn(request, state, port)
    if (found === undefined) {
      respond(response, 404, callbackPage('not-expected'))
      return
    }
    taken = true
    // The listener goes when the callback is known: not before the person has read what became of it.
    response.once('close', () => resolve(found))
    respond(response, 200, callbackPage(found.kind === 'code' ? 'received' : 'refused'))
  }
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000 }, answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    redirectUri: `http://127.0.0.1:${port}${callbackPath}`,
    callback,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function callbackIn(request: IncomingMessage, state: string, port: number): Callback | undefined {
  // A page that has rebound its own name to this machine gets nowhere.
  if (request.method !== 'GET' || request.headers.host !== `127.0.0.1:${port}`) return undefined
  const url = URL.parse(request.url ?? '', registeredRedirectUri)
  if (url?.pathname !== callbackPath) return undefined
  const [given, ...others] = url.searchParams.getAll('state')
  if (given === undefined || others.length > 0 || !isSameSecret(given, state)) return undefined
  const error = url.searchParams.get('error')
  if (error !== null) return { kind: 'refused', error }
  const code = url.searchParams.get('code')
  return code === null || code === '' ? undefined : { kind: 'code', code }
}

function respond(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(html),
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    // The code is in this page's address.
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  })
  response.end(html)
}
