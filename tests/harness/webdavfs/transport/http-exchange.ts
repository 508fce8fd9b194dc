import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request as openRequest } from 'node:http'
import type { ClientRequest } from 'node:http'

/** Where the volume lives. Paths are sent exactly as given: nothing here may normalise them. */
export interface Origin {
  readonly hostname: string
  readonly port: number
}

export interface HttpRequest {
  readonly method: 'OPTIONS' | 'PROPFIND' | 'GET' | 'PUT' | 'MKCOL' | 'DELETE' | 'MOVE' | 'LOCK' | 'UNLOCK'
  /** Escaped. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

export interface ReplyHead {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: IncomingMessage
}

/**
 * How a stream can fail (webdavfs-403: N:1454-1469). `lost`: EPIPE or the connection gone before an answer, typically a stale keep-alive
 * socket, tried once more; `connection`: refused, reset, timed out; `protocol`: an answer that is not HTTP.
 */
export class StreamError extends Error {
  readonly reason: 'lost' | 'connection' | 'protocol'

  constructor(reason: StreamError['reason'], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.name = 'StreamError'
    this.reason = reason
  }
}

/** Any error of a Node HTTP stream as the agent would class it. */
export function toStreamError(error: unknown): StreamError {
  if (error instanceof StreamError) return error
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EPIPE') return new StreamError('lost', error)
  // Node gives a peer's orderly close before the reply's end the code of a reset; only the words differ.
  if (code === 'ECONNRESET' && (message === 'socket hang up' || message === 'aborted'))
    return new StreamError('lost', error)
  return new StreamError(code?.startsWith('HPE_') === true ? 'protocol' : 'connection', error)
}

/** Prepares a request on `agent`'s connection without ending its body; the caller writes it. */
export function startRequest(origin: Origin, agent: Agent, request: HttpRequest): ClientRequest {
  return openRequest({
    host: origin.hostname,
    port: origin.port,
    agent,
    method: request.method,
    path: request.path,
    headers: { ...request.headers },
  })
}

/** Resolves when the reply's head is there. @throws StreamError */
export function replyHead(sent: ClientRequest): Promise<ReplyHead> {
  return new Promise((resolve, reject) => {
    // For good: without a listener Node would treat a later error as uncaught.
    sent.on('error', (error) => reject(toStreamError(error)))
    sent.once('response', (body) => {
      // Whoever reads the body sees its errors there.
      body.on('error', () => undefined)
      resolve({ status: body.statusCode ?? 0, headers: body.headers, body })
    })
  })
}

/** Sends the whole request, body included, and resolves with the reply's head. @throws StreamError */
export function exchange(origin: Origin, agent: Agent, request: HttpRequest): Promise<ReplyHead> {
  const sent = startRequest(origin, agent, request)
  const head = replyHead(sent)
  sent.end(request.body)
  return head
}

/** The whole body of a reply. @throws StreamError when it breaks off. */
export async function readBody(body: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of body) chunks.push(chunk as Buffer)
  } catch (error) {
    throw toStreamError(error)
  }
  return Buffer.concat(chunks)
}
