import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

import type { Clock } from '../../lib/clock.ts'
import { readNdjson } from '../../lib/ndjson.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { frontCommandSchema, type FrontCommand, type FrontConfig } from '../../shared/front-protocol.ts'
import { reportCounters, talkTo, type Endings } from './control-peer.ts'
import { listenForControl } from './control-socket.ts'
import { FrontEvents } from './front-events.ts'
import { startFront, type FrontHooks } from './front.ts'
import type { Say } from './say.ts'

const maxLineBytes = 64 * 1024

/**
 * The whole life of a front process, from its configuration on `input` to its end: told to by `shutdown`, by a signal, or by the
 * end of `input`, which is how the death of the parent shows.
 * @returns the exit code: 0 after a regular end, 1 when it could not start or run (a `failed` line says why).
 */
export async function runFrontProcess(
  input: Readable,
  output: Writable,
  clock: Clock,
  hooks: FrontHooks = {},
): Promise<number> {
  output.on('error', () => undefined) // The parent may be gone; the end of `input` says so.
  const say = speakTo(output)
  try {
    const commands = readNdjson(input, frontCommandSchema, { maxLineBytes })
    await serve(await readConfiguration(commands), { commands, say }, clock, hooks)
    say({ type: 'closed' })
    return 0
  } catch (error) {
    say({ type: 'failed', error: toAppError(error).toJSON() })
    return 1
  }
}

/** Serves until told to end. */
async function serve(
  config: FrontConfig,
  parent: { readonly commands: AsyncIterable<FrontCommand>; readonly say: Say },
  clock: Clock,
  hooks: FrontHooks,
): Promise<void> {
  await using cleanup = new AsyncDisposableStack()
  const ending = new AbortController()
  const end = (): void => ending.abort()

  const events = new FrontEvents()
  cleanup.use(events.on(parent.say, config.requestLog))
  const front = await startFront(config, clock, events, hooks)
  cleanup.defer(() => front.close())
  const endings: Endings = {
    shutdown: end,
    // Cut short, it rejects: then the front is ending already.
    drain: () => void front.drain(ending.signal).then(end, () => undefined),
  }
  cleanup.use(reportCounters(front, clock, parent.say))
  if (config.controlSocketPath !== undefined) {
    const control = await listenForControl(config.controlSocketPath, (socket) => {
      const commands = readNdjson(socket, frontCommandSchema, { maxLineBytes })
      talkTo({ commands, say: speakTo(socket) }, front, clock, endings).then(
        () => socket.end(),
        () => socket.destroy(),
      )
    })
    cleanup.use(control)
  }
  // Before the control socket, too: to whoever waits there, hanging up says that port and files are free.
  cleanup.defer(() => front.close())
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  talkTo(parent, front, clock, endings).then(end, end)

  parent.say({ type: 'ready', url: front.url, port: front.port, pid: process.pid })
  if (!ending.signal.aborted) await once(ending.signal, 'abort')
}

function speakTo(output: Writable): Say {
  return (event) => {
    if (output.writable) output.write(`${JSON.stringify(event)}\n`)
  }
}

async function readConfiguration(commands: AsyncIterator<FrontCommand>): Promise<FrontConfig> {
  try {
    const first = await commands.next()
    if (first.done !== true && first.value.type === 'configure') return first.value.config
  } catch (cause) {
    throw new AppError('message-invalid', {}, { cause })
  }
  throw new AppError('message-invalid')
}
