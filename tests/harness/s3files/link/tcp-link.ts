import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

import type { Clock } from '../../../../src-main/lib/clock.ts'
import { perfectConditions, type LinkConditions } from './conditions.ts'
import { carry } from './direction.ts'

export interface TcpLinkOptions {
  readonly to: { readonly host: string; readonly port: number }
  readonly host: string
  /** 0 for any. The port stays the same for the life of the link, also while nobody listens. */
  readonly port: number
  readonly clock: Clock
}

/** A network path to one TCP server, with everything that can go wrong on one. */
export interface TcpLink extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly connectionCount: number
  /** Takes effect at once, for connections that are there too. */
  change(conditions: Partial<LinkConditions>): void
  /** Ends what is connected: `close` is a FIN after what was said before, `reset` a RST. New connections are still taken. */
  endConnections(how: 'close' | 'reset'): void
  /** From here on connections are refused; those that are there stay. */
  stopListening(): void
  listenAgain(): Promise<void>
}

export async function openTcpLink(options: TcpLinkOptions): Promise<TcpLink> {
  const link = new Link(options)
  await link.listenAgain()
  return link
}

class Link implements TcpLink {
  readonly host: string
  readonly #options: TcpLinkOptions
  readonly #conditions = perfectConditions()
  readonly #connections = new Map<Socket, AbortController>()
  readonly #serving = new Set<Promise<void>>()
  #server: Server | undefined
  #port: number
  #mended = Promise.withResolvers<undefined>()

  constructor(options: TcpLinkOptions) {
    this.#options = options
    this.host = options.host
    this.#port = options.port
    this.#mended.resolve(undefined)
  }

  get port(): number {
    return this.#port
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  change(conditions: Partial<LinkConditions>): void {
    Object.assign(this.#conditions, conditions)
    if (conditions.isCut === true) this.#mended = Promise.withResolvers()
    if (conditions.isCut === false) this.#mended.resolve(undefined)
  }

  endConnections(how: 'close' | 'reset'): void {
    for (const [client, ending] of this.#connections) {
      if (how === 'reset') client.resetAndDestroy()
      else client.end()
      ending.abort()
    }
  }

  stopListening(): void {
    // Its `close` event waits for the last connection; the port is free at once.
    this.#server?.close()
    this.#server = undefined
  }

  async listenAgain(): Promise<void> {
    if (this.#server !== undefined) return
    const server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client))
    server.listen(this.#port, this.host)
    await once(server, 'listening')
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopListening()
    this.endConnections('reset')
    await Promise.all(this.#serving)
  }

  #accept(client: Socket): void {
    const serving = this.#serve(client).finally(() => this.#serving.delete(serving))
    this.#serving.add(serving)
  }

  async #serve(client: Socket): Promise<void> {
    const ending = new AbortController()
    const { signal } = ending
    const server = connect({ ...this.#options.to, allowHalfOpen: true })
    this.#connections.set(client, ending)
    client.setNoDelay(true)
    server.setNoDelay(true)
    client.on('error', () => ending.abort())
    server.on('error', () => {
      client.resetAndDestroy()
      ending.abort()
    })
    signal.addEventListener('abort', () => server.destroy(), { once: true })
    const path = {
      conditions: this.#conditions,
      whole: (until: AbortSignal) => this.#whole(until),
      clock: this.#options.clock,
      signal,
    }
    await Promise.allSettled([
      carry({ ...path, from: client, to: server, delayMs: () => this.#conditions.delayMs.toServer }),
      carry({ ...path, from: server, to: client, delayMs: () => this.#conditions.delayMs.toClient }),
    ])
    this.#connections.delete(client)
    server.destroy()
    client.destroySoon()
  }

  async #whole(signal: AbortSignal): Promise<void> {
    while (this.#conditions.isCut) {
      const { promise } = this.#mended
      await Promise.race([promise, once(signal, 'abort')])
      signal.throwIfAborted()
    }
  }
}
