import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Vfs } from '../vfs/vfs.ts'
import { createAnswerer } from './answerer.ts'
import { LockManager } from './locks/lock-manager.ts'
import { RenderedListings } from './properties/rendered-listings.ts'
import { observeRequest, type RequestObserver } from './request-observer.ts'
import { SocketTraffic } from './socket-traffic.ts'

/** An `import` of `node:http` also loads what its other exports need, an HTTP client among them: 5 MB that a front never uses. */
const { createServer } = process.getBuiltinModule('node:http')

/** Longer than the 60 s for which macOS's agent trusts an idle connection: a reset one takes its whole volume down. */
const keepAliveTimeoutMs = 120_000

/**
 * A head that is not complete by then never will be. Node has no such limit once `requestTimeout` is 0, and who drips one byte at a
 * time is never silent. It does not count while a connection that has been used is idle.
 */
const headTimeoutMs = 120_000

/** A connection on which nothing moves in either direction for this long is half open; macOS itself gives up after 90 s. */
const silenceTimeoutMs = 300_000

export interface WebDavServerOptions {
  readonly vfs: Vfs
  readonly clock: Clock
  readonly pathSecret: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly observer: RequestObserver
}

export interface WebDavServer {
  readonly port: number
  /** Stops listening, lets running requests end for at most `graceMs`, then cuts them off. */
  close(graceMs: number): Promise<void>
}

/**
 * Serves a vfs over WebDAV on 127.0.0.1, below an unguessable path segment.
 * @throws AppError `port-taken`.
 */
export async function startWebDavServer(options: WebDavServerOptions): Promise<WebDavServer> {
  const { vfs, clock, port, pathSecret, observer } = options
  const dav = { vfs, clock, locks: new LockManager(clock), renderedListings: new RenderedListings() }
  const answer = createAnswerer(dav, pathSecret)
  const traffic = new SocketTraffic()
  const handle = (request: IncomingMessage, response: ServerResponse): void =>
    observeRequest({ request, response, answer, observer, clock, pathSecret, traffic })

  // No limit on the time a whole request takes: an upload is as long as it is.
  const server = createServer(
    {
      requestTimeout: 0,
      headersTimeout: headTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      highWaterMark: 256 * 1024,
    },
    handle,
  )
  // Whoever reads the body says when it may come; see `inviteBody`.
  server.on('checkContinue', handle)
  server.timeout = silenceTimeoutMs
  await listen(server, port)
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) => close(server, clock, graceMs),
  }
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new AppError('port-taken', { port }, { cause: error }) : error),
    )
    server.listen({ host: '127.0.0.1', port, backlog: 511 }, resolve)
  })
}

async function close(server: Server, clock: Clock, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  using _cutOff = clock.setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
}
