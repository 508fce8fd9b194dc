import type { Listener } from '../../lib/event.ts'
import type { AppError } from '../../shared/errors.ts'
import type { BridgeReport, FrontEvent } from '../../shared/front-protocol.ts'

export type FrontStatus = Extract<FrontEvent, { type: 'status' }>

/** How a front process ended. `error` is what it said about itself (`failed`), or `front-died` when nobody had asked it to end. */
export interface FrontExit {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly error?: AppError
}

/** A front that this process started and owns: it ends when `stop` is called or this process dies. */
export interface Front {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Everything the front says after `ready`. */
  onEvent(listener: Listener<FrontEvent>): Disposable
  /** @throws AppError `front-timeout`, `front-died`. */
  status(): Promise<FrontStatus>
  /** Tells it that the machine has slept, or its network has changed: it tries at once whatever waits. */
  wake(): void
  /** Tells it how its bridge is now. */
  setBridge(report: BridgeReport): void
  /** Has it end by itself when it has delivered what is pending; it then says `closed`, and `closed` resolves. */
  drain(): void
  /** Resolves once, when the process has ended for whatever reason; never rejects. */
  readonly closed: Promise<FrontExit>
  /** Asks it to shut down, then SIGTERM, then SIGKILL, each after its limit. Resolves when it is gone; may be called again. */
  stop(): Promise<void>
}

/** How long a front may take for each way of ending before the next, harder one. */
export interface StopLimits {
  readonly shutdownMs: number
  readonly terminateMs: number
}

/** A healthy front answers at once; one that is busy with a large listing may take a moment. */
export const statusTimeoutMs = 5_000
