import { execa } from 'execa'

import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import type { PluginCall } from './session-request.ts'

export interface PluginOptions {
  readonly programPath: string
  readonly call: PluginCall
  readonly instanceId: string
  /** PATH and HOME are taken from here, and nothing else. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Ends waiting for the port, and the program with it. */
  readonly signal: AbortSignal
}

/** A plugin that forwards. Disposing ends it. */
export interface PluginProcess extends AsyncDisposable {
  /** Resolves, never rejects, when the program has ended, with the last of what it said. */
  readonly ended: Promise<string>
}

/** A session stands within a few seconds, or not at all. */
const openLimitMs = 20_000
const endLimitMs = 2_000
const keptLines = 20

/**
 * Starts session-manager-plugin and resolves once it listens on its local port.
 * @throws AppError `ssm-session-failed` when it ends before, or does not get there in time.
 */
export async function startPlugin(options: PluginOptions): Promise<PluginProcess> {
  const { programPath, call, instanceId, env, clock, signal } = options
  signal.throwIfAborted()
  const plugin = execa(programPath, call.args, {
    reject: false,
    buffer: false,
    all: true,
    stdin: 'ignore',
    extendEnv: false,
    env: { ...picked(env, 'PATH', 'HOME'), ...call.env },
    // It takes this as Ctrl-C, and ends its session in AWS.
    killSignal: 'SIGINT',
    forceKillAfterDelay: endLimitMs,
  })
  const said: string[] = []
  const opened = Promise.withResolvers<undefined>()
  const listen = async (): Promise<void> => {
    for await (const line of plugin.iterable({ from: 'all' })) {
      said.push(line)
      said.splice(0, said.length - keptLines)
      if (/^Port \d+ opened for session/i.test(line)) opened.resolve(undefined)
    }
  }
  const reading = listen().catch(() => undefined)
  const ended = Promise.all([plugin, reading]).then(() => lastWords(said))
  const end = async (): Promise<void> => {
    plugin.kill()
    await ended
  }

  const failed = (reason: string): AppError => new AppError('ssm-session-failed', { instanceId, reason })
  const late = Promise.withResolvers<never>()
  const abort = (): void => late.reject(signal.reason)
  using _limit = clock.setTimeout(() => late.reject(failed('no port was opened in time')), openLimitMs)
  signal.addEventListener('abort', abort, { once: true })
  try {
    const endedEarly = ended.then((reason) => Promise.reject(failed(reason)))
    await Promise.race([opened.promise, endedEarly, late.promise])
  } catch (error) {
    await end()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
  return { ended, [Symbol.asyncDispose]: end }
}

/** What it says last is why it ended; lines about the session as such are not. */
function lastWords(said: readonly string[]): string {
  const line = said.findLast((text) => text.trim() !== '' && !/^(Starting|Exiting) session/.test(text))
  return line?.trim().replace(/^SessionId: \S+ ?: ?/, '') ?? 'the program ended'
}

function picked(
  env: Readonly<Record<string, string | undefined>>,
  ...names: readonly string[]
): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}
