import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** When a connection breaks: the server has not seen the request, or it has done all of it and its answer is on the way. */
export type Break = 'before' | 'after'

/** Stands between an HTTP client and a server, and breaks connections as told. Ends with its disposal. */
export class BreakingLink implements AsyncDisposable {
  readonly #server = createServer((socket) => this.#forward(socket))
  readonly #sockets = new Set<Socket>()
  readonly #targetPort: number
  #next: { readonly method: string; readonly when: Break; left: number } | undefined

  constructor(targetPort: number) {
    this.#targetPort = targetPort
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  /** The next `times` requests of `method` break. */
  breakNext(method: string, when: Break, times = 1): void {
    this.#next = { method, when, left: times }
  }

  /** How many breaks are still to come. */
  get left(): number {
    return this.#next?.left ?? 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #forward(client: Socket): void {
    const server = connect(this.#targetPort, '127.0.0.1')
    const end = (): void => {
      client.destroy()
      server.destroy()
    }
    let breaksOnAnswer = false
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        end()
      })
    }
    client.on('data', (chunk) => {
      const when = this.#take(chunk.toString('latin1', 0, 16))
      breaksOnAnswer ||= when === 'after'
      if (when === 'before') end()
      else server.write(chunk)
    })
    server.on('data', (chunk) => {
      if (breaksOnAnswer) end()
      else client.write(chunk)
    })
  }

  /** Requests are small and come one at a time on each connection: a head begins its chunk. */
  #take(head: string): Break | undefined {
    const next = this.#next
    if (next === undefined || next.left === 0 || !head.startsWith(`${next.method} `)) return undefined
    next.left -= 1
    return next.when
  }
}
