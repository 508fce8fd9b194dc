import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

import { callHeader, fileRoutes } from '../../api/files.ts'
import { createBearerCheck } from '../../lib/bearer.ts'
import { BridgeError } from '../../lib/bridge-error.ts'
import { answerError, answerNothing } from '../../lib/http-answers.ts'
import { NdjsonWriter } from '../../lib/ndjson-writer.ts'
import { Calls } from './calls.ts'
import { errnoOf, fromErrno } from './errno.ts'
import type { Exchange, ServiceParts } from './exchange.ts'
import { statfs } from './fs-calls.ts'
import type { MountGuard } from './mount-guard.ts'
import { Query } from './query.ts'
import { routes, type Route } from './routes.ts'
import { Task } from './task.ts'

export interface FileServiceOptions extends ServiceParts {
  readonly token: string
  readonly guard: MountGuard
  readonly onFailure: (text: string) => void
}

/** Longer than any pause of a front that is still there; making a connection through a port forwarder is not free. */
const keepAliveTimeoutMs = 10 * 60_000
/** Two paths of 4 KiB, percent-encoded, and some headers. */
const maxHeaderBytes = 32 * 1024
const headersTimeoutMs = 20_000
/** A client is told why before it has sent everything; what it sends on is taken and thrown away for so long. */
const lingerMs = 10_000
/** How long disposing waits for requests that tidy up. */
const tidyMs = 3_000

/** The HTTP side of the file service. Disposing ends all requests, and waits a little for what they leave to be tidied up. */
export class FileService implements AsyncDisposable {
  readonly #options: FileServiceOptions
  readonly #isAuthorized: ReturnType<typeof createBearerCheck>
  readonly #calls: Calls
  readonly #underWay = new Set<Promise<void>>()
  readonly #server: Server

  constructor(options: FileServiceOptions) {
    this.#options = options
    this.#isAuthorized = createBearerCheck(options.token)
    this.#calls = new Calls(() => options.clock.monotonicMs())
    const limits = {
      keepAliveTimeout: keepAliveTimeoutMs,
      headersTimeout: headersTimeoutMs,
      // An upload takes as long as it takes.
      requestTimeout: 0,
      maxHeaderSize: maxHeaderBytes,
      // Notices clients that vanished without a word.
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
    }
    const serve = (request: IncomingMessage, response: ServerResponse): void =>
      this.#track(this.#serve(request, response))
    this.#server = createServer(limits, serve)
    this.#server.on('checkContinue', serve)
  }

  /** Resolves with the port. @throws the system's error when it is taken. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, resolve)
    })
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('a server without a port')
    return address.port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    const limit = new AbortController()
    const waiting = this.#options.clock.sleep(tidyMs, limit.signal).catch(() => undefined)
    await Promise.race([Promise.all(this.#underWay), waiting])
    limit.abort()
  }

  #track(serving: Promise<void>): void {
    this.#underWay.add(serving)
    void serving.finally(() => this.#underWay.delete(serving))
  }

  /** Never rejects. */
  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // What breaks on a connection shows where it is read or written.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    try {
      if (!this.#isAuthorized(request.headers.authorization)) throw new BridgeError('unauthorized')
      const query = new Query(request.url ?? '')
      const key = `${request.method ?? ''} ${query.route}`
      if (key === `POST ${fileRoutes.cancel}`) {
        this.#calls.cancel(query.text('call'))
        answerNothing(response)
        return
      }
      const route = routes[key]
      // Not `not-found`: a client must not take a wrong route for a file that is gone.
      if (route === undefined) throw new BridgeError('bad-request', { reason: 'no such route' })
      await this.#operate(route, query, request, response)
    } catch (error) {
      refuse(request, response, error)
    }
  }

  async #operate(
    route: Route,
    query: Query,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { tree, guard, onFailure } = this.#options
    if (route.changes && tree.readOnly) throw new BridgeError('read-only')
    const cancelling = new AbortController()
    const cancel = (): void => cancelling.abort()
    response.once('close', cancel)
    const callId = request.headers[callHeader]
    using _call = typeof callId === 'string' ? this.#calls.begin(callId, cancel) : undefined
    const exchange = { ...this.#options, query, request, response, signal: cancelling.signal }
    try {
      await new Task(tree.lanes.attributes, cancelling.signal).run(() => guard.check())
      await handleTwice(route, exchange)
    } catch (error) {
      const failure = await this.#translate(error, route)
      if (failure.code === 'backend-failed' || failure.code === 'mount-lost') onFailure(describe(failure))
      throw failure
    }
  }

  /** The edge where errno errors become codes. What is missing is only missing when the mount is there. */
  async #translate(error: unknown, route: Route): Promise<BridgeError> {
    const failure = fromErrno(error, '', route.intent)
    const { guard, tree } = this.#options
    if (!['not-found', 'parent-missing', 'read-only', 'backend-failed'].includes(failure.code)) return failure
    try {
      await tree.lanes.attributes.run(() => guard.check())
      // A server that forgot all its files says this of each. The size of the file system is never answered from memory.
      if (errnoOf(error) === 'ESTALE') await tree.lanes.status.run(() => statfs(tree.containment.rootDir))
      return failure
    } catch (lost) {
      return lost instanceof BridgeError ? lost : new BridgeError('mount-lost', {}, { cause: lost })
    }
  }
}

/** ESTALE: replaced on the server between two calls, as seen by what only looks. The second look finds what is there now. */
async function handleTwice(route: Route, exchange: Exchange): Promise<void> {
  try {
    await route.handle(exchange)
  } catch (error) {
    if (route.changes || errnoOf(error) !== 'ESTALE' || exchange.response.headersSent) throw error
    await route.handle(exchange)
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // An answer of unknown length has lines, and room for one more.
  if (response.headersSent && !response.hasHeader('Content-Length')) {
    new NdjsonWriter(response).fail(error)
    return
  }
  if (!request.complete) {
    // Whoever asked whether to send the body will not, so what comes next on this connection is anybody's guess.
    if (request.headers.expect !== undefined && !response.headersSent)
      response.setHeader('Connection', 'close')
    request.resume()
    setTimeout(() => {
      if (!request.complete) request.socket.destroy()
    }, lingerMs).unref()
  }
  answerError(response, error)
}

function describe({ code, args, cause }: BridgeError): string {
  const reason = cause instanceof Error ? cause.message : JSON.stringify(args)
  return `${code}: ${reason}`
}
