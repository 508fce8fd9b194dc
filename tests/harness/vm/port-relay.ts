import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'

import { waitFor } from '../wait-for.ts'

const acceptLimitMs = 60_000

/**
 * Relays connections to `port` on the loopback to `qemuPort`, where QEMU forwards them. QEMU lets two wait to be accepted, and where the
 * kernel uses SYN cookies further ones are lost without a word to their clients; a front opens dozens at once. So they are made one after
 * the other. @throws the system's error when the port is taken.
 */
export async function startPortRelay(port: number, qemuPort: number): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>()
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = (): Promise<Socket> => {
    const connecting = turn.then(() => connectAccepted(qemuPort))
    turn = connecting.catch(() => undefined)
    return connecting
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    track(sockets, client)
    inTurn().then(
      (inner) => {
        track(sockets, inner)
        join(client, inner)
      },
      () => client.resetAndDestroy(),
    )
  })
  server.listen(port, '127.0.0.1', 511)
  await once(server, 'listening')
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.resetAndDestroy()
      await closed
    },
  }
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
}

/** What breaks one breaks the other; an end of either's words is passed on as such. */
function join(client: Socket, inner: Socket): void {
  if (client.destroyed) inner.resetAndDestroy()
  client.pipe(inner)
  inner.pipe(client)
  for (const [one, other] of [
    [client, inner],
    [inner, client],
  ] as const) {
    one.once('close', (hadError) => {
      if (hadError) other.resetAndDestroy()
      else other.destroySoon()
    })
  }
}

/** Resolves when QEMU has taken the connection: the kernel calls it established long before. */
async function connectAccepted(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  try {
    await once(socket, 'connect')
    const { localPort = 0 } = socket
    await waitFor(() => isAccepted(port, localPort), {
      what: `QEMU to accept a connection on ${port}`,
      limitMs: acceptLimitMs,
      everyMs: 2,
    })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** In the kernel's table, the server's end of a connection has an inode once a program has it. */
async function isAccepted(serverPort: number, clientPort: number): Promise<boolean> {
  const table = await readFile('/proc/net/tcp', 'utf8')
  const [local, remote] = [serverPort, clientPort].map(loopbackInTable)
  return table.split('\n').some((line) => {
    const columns = line.trim().split(/\s+/)
    return columns[1] === local && columns[2] === remote && columns[9] !== '0'
  })
}

function loopbackInTable(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
}
