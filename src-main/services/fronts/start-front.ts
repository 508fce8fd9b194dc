import type { Logger } from '../../lib/logger.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import type { FrontConfigInput } from '../../shared/front-protocol.ts'
import { prepareSocketDir } from './control-sockets.ts'
import { nodeProgram, type StartProgram } from './front-child.ts'
import { FrontProcess } from './front-process.ts'
import { statusTimeoutMs, type Front, type StopLimits } from './front.ts'

export interface StartFrontOptions {
  /** The bundled `front.js`, or `src-main/front/main.ts` in tests. */
  readonly entryPath: string
  /** How it is started: by the Node that runs this process where not said otherwise. */
  readonly startProgram?: StartProgram
  readonly config: FrontConfigInput
  readonly log: Logger
  readonly signal: AbortSignal
  /** Until `ready`. */
  readonly timeoutMs: number
  readonly stopLimits?: StopLimits
}

/** Answers in flight are finished on shutdown, and one of them may be a large upload being synced to disk. */
const defaultStopLimits: StopLimits = { shutdownMs: 10_000, terminateMs: 3_000 }

/**
 * Starts a front process and resolves when it answers on its URL. When it does not get there nothing is left running.
 * @throws AppError the code the front gave (`port-taken`, `source-missing` …), `front-start-failed` {detail},
 * `front-timeout` {timeoutMs}, `state-dir-unusable` {path} (of the control socket) or `cancelled`.
 */
export async function startFront(options: StartFrontOptions): Promise<Front> {
  const { config, log, signal, timeoutMs, stopLimits = defaultStopLimits } = options
  if (signal.aborted) throw new AppError('cancelled', {}, { cause: signal.reason })
  if (config.controlSocketPath !== undefined) await prepareSocketDir(config.controlSocketPath)

  const { startProgram = nodeProgram(process.execPath), entryPath } = options
  const child = new FrontProcess(startProgram(entryPath), log)
  try {
    const answered = child.channel.expect(['ready', 'failed'], { timeoutMs, signal })
    child.channel.send({ type: 'configure', config })
    const answer = await answered
    if (answer.type === 'failed') throw new AppError(answer.error.code, answer.error.args)
    log.info('front', 'ready', { driveId: config.driveId, pid: answer.pid, port: answer.port })
    return frontOf(child, answer, stopLimits)
  } catch (error) {
    // Whatever it was doing, nobody has used it yet: no need to ask politely.
    await child.stop({ shutdownMs: 0, terminateMs: 1_000 })
    throw isAppError(error, 'front-died') ? await startFailure(child) : error
  }
}

function frontOf(
  child: FrontProcess,
  { url, port, pid }: { readonly url: string; readonly port: number; readonly pid: number },
  stopLimits: StopLimits,
): Front {
  return {
    url,
    port,
    pid,
    onEvent: (listener) => child.channel.events.on(listener),
    status: async () => {
      const answered = child.channel.expect(['status'], { timeoutMs: statusTimeoutMs })
      child.channel.send({ type: 'status' })
      return await answered
    },
    wake: () => child.channel.send({ type: 'wake' }),
    setBridge: (report) => child.channel.send({ type: 'bridge', report }),
    drain: () => child.channel.send({ type: 'drain' }),
    closed: child.closed,
    stop: () => child.stop(stopLimits),
  }
}

async function startFailure(child: FrontProcess): Promise<AppError> {
  const { exitCode, signal, error } = await child.closed
  if (error !== undefined && error.code !== 'front-died') return error
  const detail =
    child.lastWords === '' ? `it ended with ${signal ?? `exit code ${exitCode ?? '?'}`}` : child.lastWords
  return new AppError('front-start-failed', { detail })
}
