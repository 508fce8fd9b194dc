import type { Listener } from '../../lib/event.ts'
import { isAppError } from '../../shared/errors.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import { checkSocketPath, openControlSocket } from './control-sockets.ts'
import { FrontChannel } from './front-channel.ts'
import { statusTimeoutMs, type FrontStatus } from './front.ts'
import { frontUploads, type FrontUploads } from './front-uploads.ts'

/** A front that another process started, seen through its control socket. */
export interface FrontConnection extends FrontUploads, AsyncDisposable {
  /** @throws AppError `front-timeout`, `front-died`. */
  status(): Promise<FrontStatus>
  /** Events from now on, until the returned handle or the connection is disposed; single requests only when asked for. */
  watch(listener: Listener<FrontEvent>, options: { readonly requests: boolean }): Disposable
  /** Resolves when the front has said it is closed, or has hung up. @throws AppError `front-timeout`. */
  shutdown(): Promise<void>
  /** As of a front of our own. What is asked next is answered after it. */
  wake(): void
  /** Has it end by itself when it has delivered what is pending; `closed` shows when. */
  drain(): void
  /** Resolves when the other side has hung up or the connection was disposed. */
  readonly closed: Promise<void>
}

export interface ConnectOptions {
  /** For each answer. */
  readonly timeoutMs?: number
}

/** As long as a front may take to finish what it is doing. */
const shutdownTimeoutMs = 15_000

/**
 * Connects to a front's control socket; `undefined` when no front listens there.
 * @throws AppError `permission-denied` {path}, `state-dir-unusable` {path} when the path is longer than a socket's may be.
 */
export async function connectFront(
  controlSocketPath: string,
  { timeoutMs = statusTimeoutMs }: ConnectOptions = {},
): Promise<FrontConnection | undefined> {
  const socket = await openControlSocket(checkSocketPath(controlSocketPath))
  if (socket === undefined) return undefined
  // A front of another version may say what this one does not know: that line is not for us.
  // One that is gone has no reader; that it is gone shows as the end of the socket.
  socket.on('error', () => undefined)
  const channel = new FrontChannel({
    input: socket,
    send: (line) => {
      if (socket.writable) socket.write(`${line}\n`)
    },
    onInvalid: () => undefined,
  })
  return {
    status: async () => {
      const answered = channel.expect(['status'], { timeoutMs })
      channel.send({ type: 'status' })
      return await answered
    },
    watch: (listener, { requests }) => {
      const handle = channel.events.on(listener)
      channel.send({ type: 'watch', requests })
      return handle
    },
    shutdown: async () => {
      const answered = channel.expect(['closed'], { timeoutMs: shutdownTimeoutMs })
      channel.send({ type: 'shutdown' })
      try {
        await answered
      } catch (error) {
        // It hung up without a word: gone all the same.
        if (!isAppError(error, 'front-died')) throw error
      }
    },
    wake: () => channel.send({ type: 'wake' }),
    drain: () => channel.send({ type: 'drain' }),
    ...frontUploads(channel, timeoutMs),
    closed: channel.ended,
    [Symbol.asyncDispose]: async () => {
      socket.destroy()
      await channel.ended
    },
  }
}
