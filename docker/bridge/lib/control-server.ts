import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { z } from 'zod'

import { createBearerCheck } from './bearer.ts'
import { BridgeError } from './bridge-error.ts'
import { answerError } from './http-answers.ts'
import { readJsonBody } from './json-body.ts'

/** One request with the token; whoever handles it ends `response`. */
export interface Exchange {
  readonly response: ServerResponse
  /** @throws BridgeError `bad-request` */
  readonly readBody: <Schema extends z.ZodType>(schema: Schema) => Promise<z.output<Schema>>
}

/** Keyed by method and path: `GET /v1/health`. A handler that throws is answered with its error. */
export type ControlRoutes = Readonly<Record<string, (exchange: Exchange) => Promise<void> | void>>

export interface ControlServer extends AsyncDisposable {
  readonly port: number
}

export interface ControlServerOptions {
  readonly host: string
  /** 0 for any. */
  readonly port: number
  readonly token: string
  readonly routes: ControlRoutes
}

/**
 * Serves `routes` to whoever has the token. Disposing closes the listener and every connection, streams included.
 * @throws the system's error when the port is taken
 */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const isAuthorized = createBearerCheck(options.token)
  const server = createServer({ keepAliveTimeout: 60_000, headersTimeout: 10_000 }, (request, response) => {
    void handle(request, response, isAuthorized, options.routes)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return { port: portOf(server), [Symbol.asyncDispose]: () => close(server) }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  isAuthorized: ReturnType<typeof createBearerCheck>,
  routes: ControlRoutes,
): Promise<void> {
  try {
    if (!isAuthorized(request.headers.authorization)) throw new BridgeError('unauthorized')
    const path = request.url?.split('?', 1)[0] ?? ''
    const route = routes[`${request.method ?? ''} ${path}`]
    if (route === undefined) throw new BridgeError('not-found')
    await route({ response, readBody: (schema) => readJsonBody(request, schema) })
  } catch (error) {
    // What is left of a refused request's body is not read, so its connection is of no further use.
    if (!request.complete && !response.headersSent) response.setHeader('Connection', 'close')
    answerError(response, error)
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a server without a port')
  return address.port
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
