import type { Listener } from '../../lib/event.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import type { FrontStatus } from './front.ts'

/** A front that another process started, seen through its control socket. */
export interface FrontConnection extends AsyncDisposable {
  /** @throws AppError `front-timeout`, `front-died`. */
  status(): Promise<FrontStatus>
  /** Events from now on, until the connection is disposed; single requests only when asked for. */
  watch(listener: Listener<FrontEvent>, options: { readonly requests: boolean }): Promise<void>
  /** Resolves when the front has said it is closed, or has hung up. @throws AppError `front-timeout`. */
  shutdown(): Promise<void>
  /** Resolves when the other side has hung up or the connection was disposed. */
  readonly closed: Promise<void>
}

/**
 * Connects to a front's control socket; `undefined` when no front listens there (a stale socket is removed).
 * @throws AppError `front-timeout` when something accepts but does not answer, `permission-denied`, `state-dir-unusable`
 * {path} when the socket path is longer than the system allows.
 */
export declare function connectFront(
  controlSocketPath: string,
  options?: { readonly timeoutMs?: number },
): Promise<FrontConnection | undefined>
