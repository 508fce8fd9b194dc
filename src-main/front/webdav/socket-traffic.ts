import type { Socket } from 'node:net'

/**
 * Shares a connection's bytes out among its requests. Node hands a request over when its head, and often a first piece of its body, has been
 * read already, so a request's bytes are those since the last one ended.
 */
export class SocketTraffic {
  readonly #counted = new WeakMap<Socket, { readonly read: number; readonly written: number }>()

  sinceLastAsked(socket: Socket): { readonly bytesIn: number; readonly bytesOut: number } {
    const { read, written } = this.#counted.get(socket) ?? { read: 0, written: 0 }
    this.#counted.set(socket, { read: socket.bytesRead, written: socket.bytesWritten })
    return { bytesIn: socket.bytesRead - read, bytesOut: socket.bytesWritten - written }
  }
}
