import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

import { ResponseReader, type CountedResponse } from './response-reader.ts'

/** A request as it goes over the wire. */
export interface BuiltRequest {
  readonly head: Buffer
  /** Sent `times` over, then `tail`; so a gigabyte needs one buffer. */
  readonly body?: { readonly piece: Buffer; readonly times: number; readonly tail?: Buffer }
}

export interface RequestParts {
  readonly method: string
  readonly target: string
  readonly port: number
  readonly headers: Readonly<Record<string, string>>
}

export function buildHead({ method, target, port, headers }: RequestParts): Buffer {
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

export interface TimedResponse extends CountedResponse {
  /** From the first byte sent to the last byte received. */
  readonly ms: number
}

const receiveBufferBytes = 1024 * 1024

interface Pending {
  readonly reader: ResponseReader
  resolve(response: CountedResponse): void
  reject(error: Error): void
}

/**
 * One keep-alive connection for one request at a time, straight on a socket: requests are built before the clock starts and
 * answers are read into one reused buffer, so that the client takes little of the processor it shares with the server.
 */
export class HttpClient implements Disposable {
  readonly #socket: Socket
  #pending: Pending | undefined

  private constructor(port: number, signal: AbortSignal) {
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      signal,
      onread: {
        buffer: Buffer.allocUnsafe(receiveBufferBytes),
        callback: (bytes, buffer) => {
          this.#receive(Buffer.from(buffer.buffer, buffer.byteOffset, bytes))
          return true
        },
      },
    })
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  /** @param signal ends the connection, and with it the request in flight. */
  static async open(port: number, signal: AbortSignal): Promise<HttpClient> {
    const client = new HttpClient(port, signal)
    await once(client.#socket, 'connect')
    return client
  }

  /** @throws when the connection ends before the answer is complete. */
  async send(request: BuiltRequest, options: { readonly keepsBody?: boolean } = {}): Promise<TimedResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<CountedResponse>()
    this.#pending = { reader: new ResponseReader(options), resolve, reject }
    const startedMs = performance.now()
    this.#socket.write(request.head)
    // A server may refuse before it has taken the body: whichever comes first.
    if (request.body !== undefined) await Promise.race([this.#sendBody(request.body), promise])
    const response = await promise
    return { ...response, ms: performance.now() - startedMs }
  }

  async #sendBody({ piece, times, tail }: NonNullable<BuiltRequest['body']>): Promise<void> {
    for (let sent = 0; sent < times && !this.#socket.destroyed; sent++) {
      if (!this.#socket.write(piece)) await this.#drained()
    }
    if (tail !== undefined) this.#socket.write(tail)
  }

  /** Also resolves when the connection is gone: then nothing will ever drain. */
  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      const settle = () => {
        this.#socket.off('drain', settle).off('close', settle)
        resolve()
      }
      this.#socket.on('drain', settle).on('close', settle)
    })
  }

  #receive(piece: Buffer): void {
    const pending = this.#pending
    if (pending === undefined) return
    try {
      const response = pending.reader.feed(piece)
      if (response === undefined) return
      this.#pending = undefined
      pending.resolve(response)
    } catch (error) {
      this.#socket.destroy(error as Error)
    }
  }

  #fail(error: Error): void {
    this.#pending?.reject(error)
    this.#pending = undefined
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }
}
