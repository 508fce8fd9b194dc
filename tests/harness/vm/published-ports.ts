import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

import type { Qmp } from './qmp.ts'

export interface PublishedPorts extends AsyncDisposable {
  /** On loopback: where the guest's rig-proxy asks for a port. */
  readonly port: number
}

/** Forwards the ports that containers publish from the host's loopback to the VM, as Docker Desktop does, on the guest's request. */
export async function forwardPublishedPorts(qmp: Pick<Qmp, 'monitor'>): Promise<PublishedPorts> {
  const sockets = new Set<Socket>()
  // The guest has said all it has to say before it is answered.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    createInterface(socket).once('line', (line) => {
      void answer(qmp, line).then((text) => socket.end(`${text}\n`))
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
    },
  }
}

/** `ok`, or why not: dockerd shows it to whoever starts the container. */
async function answer(qmp: Pick<Qmp, 'monitor'>, request: string): Promise<string> {
  const [, verb, port] = /^(add|del) (\d+)$/.exec(request) ?? []
  if (verb === undefined) return `not understood: ${request}`
  const host = `tcp:127.0.0.1:${port}`
  try {
    if (verb === 'add') return (await qmp.monitor(`hostfwd_add n0 ${host}-10.0.2.15:${port}`)) || 'ok'
    // Says that the port was forwarded, or that it was not. Now it is not.
    await qmp.monitor(`hostfwd_remove n0 ${host}`)
    return 'ok'
  } catch (error) {
    return String(error)
  }
}
