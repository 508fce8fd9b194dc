import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

import { startPortRelay } from './port-relay.ts'
import { forwardedPort } from './qemu-args.ts'
import type { Qmp } from './qmp.ts'

export interface PublishedPorts extends AsyncDisposable {
  /** On loopback: where the guest's rig-proxy asks for a port. */
  readonly port: number
}

type Monitor = Pick<Qmp, 'monitor'>

/** Forwards the ports that containers publish from the host's loopback to the VM, as Docker Desktop does, on the guest's request. */
export async function forwardPublishedPorts(qmp: Monitor): Promise<PublishedPorts> {
  const sockets = new Set<Socket>()
  const relays = new Relays(qmp)
  // The guest has said all it has to say before it is answered.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    const giveUp = () => socket.destroy()
    socket.on('close', () => sockets.delete(socket)).on('error', giveUp)
    const lines = createInterface(socket).on('error', giveUp)
    lines.once('line', (line) => {
      void relays.answer(line).then((text) => socket.end(`${text}\n`))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
      await relays[Symbol.asyncDispose]()
    },
  }
}

class Relays implements AsyncDisposable {
  readonly #qmp: Monitor
  readonly #relays = new Map<number, AsyncDisposable>()

  constructor(qmp: Monitor) {
    this.#qmp = qmp
  }

  /** `ok`, or why not: dockerd shows it to whoever starts the container. */
  async answer(request: string): Promise<string> {
    const [, verb, digits] = /^(add|del) (\d+)$/.exec(request) ?? []
    if (verb === undefined) return `not understood: ${request}`
    const port = Number(digits)
    try {
      await this.#remove(port)
      return verb === 'add' ? await this.#add(port) : 'ok'
    } catch (error) {
      return String(error)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // QEMU may be gone already, and its forwards with it.
    await Promise.allSettled([...this.#relays.keys()].map((port) => this.#remove(port)))
  }

  async #add(port: number): Promise<string> {
    await using stack = new AsyncDisposableStack()
    const refusal = await this.#qmp.monitor(`hostfwd_add n0 tcp:127.0.0.1:0-10.0.2.15:${port}`)
    if (refusal !== '') return refusal
    const qemuPort = forwardedPort(await this.#qmp.monitor('info usernet'), port)
    stack.defer(async () => {
      // Says that the port was forwarded, or that it was not. Now it is not.
      await this.#qmp.monitor(`hostfwd_remove n0 tcp:127.0.0.1:${qemuPort}`)
    })
    stack.use(await startPortRelay(port, qemuPort))
    this.#relays.set(port, stack.move())
    return 'ok'
  }

  async #remove(port: number): Promise<void> {
    const relay = this.#relays.get(port)
    this.#relays.delete(port)
    await relay?.[Symbol.asyncDispose]()
  }
}
