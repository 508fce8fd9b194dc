import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'

import type { Clock } from '../../../../src-main/lib/clock.ts'
import { VolumeError } from '../errno.ts'
import { maxCookies, maxRedirects } from '../limits.ts'
import type { Recorder } from '../report/recorder.ts'
import {
  exchange,
  type HttpRequest,
  type Origin,
  readBody,
  replyHead,
  startRequest,
  type StreamError,
  toStreamError,
} from './http-exchange.ts'
import { Link } from './link.ts'
import { type Stream, StreamPool } from './stream-pool.ts'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A reply whose body is still to be read. Exactly one of `finish` and `drop` ends it. */
export interface OpenReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: IncomingMessage
  finish(): void
  drop(): void
}

/** A request whose body is still being written, on a connection of its own. */
export interface StreamedRequest {
  readonly sent: ClientRequest
  /** @throws StreamError */
  readonly reply: Promise<Reply>
  drop(): void
}

interface DavAgentOptions {
  readonly clock: Clock
  readonly recorder: Recorder
  readonly origin: Origin
  /** Escaped, with a slash at its end. */
  readonly basePath: string
  readonly userAgent: string
  readonly neverRecovers: boolean
}

/** `webdavfs_agent` as far as HTTP goes: headers, streams, the one silent retry, redirects, and the DOWN state. */
export class DavAgent {
  readonly link: Link
  readonly origin: Origin
  readonly #clock: Clock
  readonly #recorder: Recorder
  readonly #userAgent: string
  readonly #streams = new StreamPool()
  readonly #cookies = new Map<string, string>()
  #talksToIis = false
  #basePath: string

  constructor(options: DavAgentOptions) {
    this.#clock = options.clock
    this.#recorder = options.recorder
    this.#userAgent = options.userAgent
    this.#basePath = options.basePath
    this.origin = options.origin
    this.link = new Link({ ...options, ping: () => this.#ping() })
  }

  /** Moves when the server redirects `OPTIONS` or `PROPFIND` (webdavfs-403: N:2819). */
  get basePath(): string {
    return this.#basePath
  }

  /** One request and its whole reply. @throws VolumeError ETIMEDOUT or ENXIO, and the volume is DOWN. */
  async transact(request: HttpRequest, thread: string): Promise<Reply> {
    let current = request
    for (let redirects = 0; ; redirects++) {
      const reply = await this.#withRetry((stream) => this.#complete(stream, current, thread))
      const location = redirectOf(current, reply)
      if (location === undefined || redirects === maxRedirects) return reply
      this.#recorder.event({ kind: 'server-quirk', reason: `redirected to ${location}` })
      current = { ...current, path: new URL(location, `http://${this.origin.hostname}`).pathname }
      if (request.path === this.#basePath) this.#basePath = current.path
    }
  }

  /** One request; the reply's body is the caller's to read. @throws as `transact`, for errors before the head. */
  open(request: HttpRequest, thread: string): Promise<OpenReply> {
    return this.#withRetry(async (stream) => {
      const done = this.#begin(request, thread)
      const head = await exchange(this.origin, stream.agent, this.#dress(request)).catch(done.failed)
      this.#notice(head.headers)
      return {
        ...head,
        finish: () => {
          done.answered(head.status)
          stream.keep()
        },
        drop: () => {
          done.answered(head.status)
          stream.drop()
        },
      }
    })
  }

  /** Starts a request on a connection outside the pool (webdavfs-403: N:4031). Its errors do not make the volume DOWN. */
  stream(request: HttpRequest, thread: string): StreamedRequest {
    const stream = this.#streams.unpooled()
    const done = this.#begin(request, thread)
    const sent = startRequest(this.origin, stream.agent, this.#dress(request))
    const reply = replyHead(sent).then(async (head) => {
      const body = await readBody(head.body)
      done.answered(head.status)
      return { status: head.status, headers: head.headers, body }
    }, done.failed)
    return { sent, reply, drop: () => stream.drop() }
  }

  /** What a failed stream means to the kext: the volume is DOWN (webdavfs-403: N:1469, 1618, 2060). */
  streamFailed(failure: StreamError): VolumeError {
    this.link.goDown(failure.message)
    const errno = failure.reason === 'protocol' ? 'ENXIO' : 'ETIMEDOUT'
    return new VolumeError(errno, failure.message, undefined, failure)
  }

  close(): void {
    this.link.close()
    this.#streams.close()
  }

  async #ping(): Promise<boolean> {
    const stream = this.#streams.unpooled()
    try {
      const { status } = await this.#complete(
        stream,
        { method: 'OPTIONS', path: this.#basePath, headers: {} },
        'pulse',
      )
      return status >= 200 && status < 300
    } catch {
      return false
    } finally {
      stream.drop()
    }
  }

  async #complete(stream: Stream, request: HttpRequest, thread: string): Promise<Reply> {
    const done = this.#begin(request, thread)
    const head = await exchange(this.origin, stream.agent, this.#dress(request)).catch(done.failed)
    this.#notice(head.headers)
    const body = await readBody(head.body).catch(done.failed)
    done.answered(head.status)
    stream.keep()
    return { status: head.status, headers: head.headers, body }
  }

  /** EPIPE or "connection lost" is tried once more in silence; anything else is the end (webdavfs-403: N:1454-1469, 1602-1619). */
  async #withRetry<T>(send: (stream: Stream) => Promise<T>): Promise<T> {
    for (let retried = false; ; retried = true) {
      const stream = this.#streams.acquire()
      try {
        return await send(stream)
      } catch (error) {
        stream.drop()
        const failure = toStreamError(error)
        if (failure.reason !== 'lost' || retried) throw this.streamFailed(failure)
      }
    }
  }

  #dress(request: HttpRequest): HttpRequest {
    const headers: Record<string, string> = {
      'User-Agent': this.#userAgent,
      Accept: '*/*',
      Connection: 'keep-alive',
      ...request.headers,
    }
    if (this.#cookies.size > 0)
      headers['Cookie'] = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    // webdavfs-403: N:2482
    if (this.#talksToIis) Object.assign(headers, { translate: 'f', Pragma: 'no-cache' })
    if (request.body !== undefined) headers['Content-Length'] = String(Buffer.byteLength(request.body))
    return { ...request, headers }
  }

  #notice(headers: IncomingHttpHeaders): void {
    for (const cookie of headers['set-cookie'] ?? []) {
      const [name = '', value = ''] = cookie.split(';', 1)[0]?.split('=', 2) ?? []
      if (this.#cookies.size < maxCookies) this.#cookies.set(name, value)
      this.#recorder.event({ kind: 'server-quirk', reason: `set a cookie: ${name}` })
    }
    if (!this.#talksToIis && String(headers.server).startsWith('Microsoft-IIS/')) {
      this.#talksToIis = true
      this.#recorder.event({ kind: 'server-quirk', reason: 'calls itself Microsoft-IIS' })
    }
  }

  #begin(request: HttpRequest, thread: string) {
    const startMs = this.#clock.monotonicMs()
    const answered = (status: number): void =>
      this.#recorder.request({
        method: request.method,
        path: request.path,
        requestHeaders: request.headers,
        status,
        ms: this.#clock.monotonicMs() - startMs,
        thread,
      })
    const failed = (error: unknown): never => {
      answered(0)
      throw toStreamError(error)
    }
    return { answered, failed }
  }
}

/** Only these two follow a redirect; for the others it is an ENOENT (webdavfs-403: N:2819 and REDIRECT_DISABLE). */
function redirectOf(request: HttpRequest, reply: Reply): string | undefined {
  const follows = request.method === 'OPTIONS' || request.method === 'PROPFIND'
  return follows && [301, 302, 303, 307, 308].includes(reply.status) ? reply.headers.location : undefined
}
