import { rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'

import { AppError } from '../../shared/errors.ts'

/**
 * Listens on a Unix socket that only this user may open, and hands each connection to `onConnection`. A socket file left over by
 * a front that was killed is replaced: two fronts of one drive cannot meet here, their TCP port has sorted that out before.
 * @throws AppError `state-dir-unusable`.
 */
export async function listenForControl(
  socketPath: string,
  onConnection: (socket: Socket) => void,
): Promise<AsyncDisposable> {
  const server = createServer(onConnection)
  const connections = new Set<Socket>()
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.on('error', () => socket.destroy()) // A peer that hangs up is no concern of ours.
    socket.once('close', () => connections.delete(socket))
  })
  await rm(socketPath, { force: true })
  const previousMask = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(socketPath, resolve)
    })
  } catch (cause) {
    throw new AppError('state-dir-unusable', { path: socketPath }, { cause })
  } finally {
    process.umask(previousMask)
  }
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      for (const socket of connections) socket.end()
      await closed
    },
  }
}
