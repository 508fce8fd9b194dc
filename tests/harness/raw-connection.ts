import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

import { parseResponse, type RawResponse } from './raw-response.ts'
import { waitFor } from './wait-for.ts'

export interface RawConnectionTarget {
  readonly port: number
  /** Address to connect to; 127.0.0.1 when absent. */
  readonly address?: string
  /** Leaves our side open when the server ends its own, for tests of half-open connections. */
  readonly allowHalfOpen?: boolean
}

/** A socket on which any bytes can be said, HTTP or not, and on which what comes back is read as HTTP. */
export class RawConnection implements Disposable {
  readonly socket: Socket
  #chunks: Buffer[] = []
  #ended = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
    socket.on('end', () => (this.#ended = true))
    socket.on('close', () => (this.#ended = true))
    // A reset is one way to be refused: `ended` tells, and tests that care ask.
    socket.on('error', () => (this.#ended = true))
  }

  static async open({ port, address = '127.0.0.1', allowHalfOpen = false }: RawConnectionTarget) {
    const socket = connect({ port, host: address, allowHalfOpen, noDelay: true })
    await once(socket, 'connect')
    return new RawConnection(socket)
  }

  /** True once the server has ended its side, cleanly or not. */
  get ended(): boolean {
    return this.#ended
  }

  /** What has come and was not taken by `response`. */
  get received(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0]!
  }

  /** Resolves once the bytes are handed to the system, or the connection is gone. */
  async write(bytes: string | Uint8Array): Promise<void> {
    const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
    await new Promise<void>((resolve) => {
      if (this.socket.destroyed || !this.socket.writable) resolve()
      else {
        this.socket.once('close', resolve)
        this.socket.write(data, () => {
          this.socket.off('close', resolve)
          resolve()
        })
      }
    })
  }

  /** The next response, interim ones included; `undefined` when the server closes before a whole one has come. */
  async response(
    options: { readonly method?: string; readonly limitMs?: number } = {},
  ): Promise<RawResponse | undefined> {
    const { method = 'GET', limitMs = 20_000 } = options
    const outcome = await waitFor(
      () => {
        const parsed = parseResponse(this.received, { method, ended: this.#ended })
        if (parsed !== undefined) return parsed
        return this.#ended ? 'closed' : undefined
      },
      { what: `an answer to ${method}`, limitMs, everyMs: 1 },
    )
    if (outcome === 'closed') return undefined
    this.#chunks = [this.received.subarray(outcome.bytesTaken)]
    return outcome.response
  }

  /** Resolves when the server has ended the connection. */
  async untilEnded(limitMs = 20_000): Promise<void> {
    await waitFor(() => this.#ended, { what: 'the server to end the connection', limitMs, everyMs: 5 })
  }

  /** Ends at once, with a reset when `abruptly`. */
  close({ abruptly = false }: { readonly abruptly?: boolean } = {}): void {
    if (abruptly) this.socket.resetAndDestroy()
    else this.socket.destroy()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
