import type { AppError } from '../../shared/errors.ts'
import type { FrontConfigInput, FrontEvent } from '../../shared/front-protocol.ts'
import type { Listener } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'

export type FrontStatus = Extract<FrontEvent, { type: 'status' }>

/** How a front process ended. `error` is what it said about itself (`failed`), or why it was given up. */
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
  /** Resolves once, when the process has ended for whatever reason; never rejects. */
  readonly closed: Promise<FrontExit>
  /** Asks it to shut down, then SIGTERM, then SIGKILL, each after its limit. Resolves when it is gone; may be called again. */
  stop(): Promise<void>
}

export interface StartFrontOptions {
  /** The bundled `front.js`, or `src-main/front/main.ts` in tests. */
  readonly entryPath: string
  /** The Node that runs it; the one that runs this process by default. */
  readonly nodePath?: string
  readonly config: FrontConfigInput
  readonly log: Logger
  readonly signal: AbortSignal
  /** Until `ready`. */
  readonly timeoutMs: number
}

/**
 * Starts a front process and resolves when it answers on its URL. When it does not get there nothing is left running.
 * @throws AppError the code the front gave (`port-taken`, `source-missing` …), `front-start-failed` {detail}, `front-died`
 * {exitCode | signal}, `front-timeout` {timeoutMs} or `cancelled`.
 */
export declare function startFront(options: StartFrontOptions): Promise<Front>
