import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

import { readNdjson } from '../../src-main/lib/ndjson.ts'
import {
  frontEventSchema,
  type FrontCommandInput,
  type FrontConfigInput,
  type FrontEvent,
} from '../../src-main/shared/front-protocol.ts'
import { waitFor, within } from './wait-for.ts'

const frontProgramPath = fileURLToPath(new URL('../../out/front.js', import.meta.url))

const maxLineBytes = 1024 * 1024
/** The last line of a process comes before the news of its death. */
const dyingLimitMs = 2_000

export type FrontChild = ChildProcessByStdio<Writable, Readable, Readable>

export type FrontStatus = Extract<FrontEvent, { type: 'status' }>

export interface FrontProcess {
  readonly ready: Extract<FrontEvent, { type: 'ready' }>
  /** Gone, by whatever cause. */
  readonly hasExited: boolean
  /** Resolves when it is. */
  readonly exited: Promise<unknown>
  status(): Promise<FrontStatus>
  counters(): Promise<FrontStatus['counters']>
  /** A command that needs no answer. */
  tell(command: FrontCommandInput): void
  kill9(): Promise<void>
  /** Harmless when the process is gone. @throws when it had to be killed because it did not end by itself. */
  shutdown(): Promise<void>
}

export const frontEnv = { PATH: process.env['PATH'], HOME: process.env['HOME'], UV_THREADPOOL_SIZE: '12' }

function startBuiltFront(): FrontChild {
  return spawn(process.execPath, [frontProgramPath], { stdio: ['pipe', 'pipe', 'pipe'], env: frontEnv })
}

/** One life of a front process; what it says is parsed and appended to `events`. @throws with its stderr when it does not get ready. */
export async function spawnFront(
  config: FrontConfigInput,
  events: FrontEvent[],
  start: () => FrontChild = startBuiltFront,
): Promise<FrontProcess> {
  const child = start()
  const exited = once(child, 'exit')
  const hasExited = () => child.exitCode !== null || child.signalCode !== null
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const own: FrontEvent[] = []
  const hear = async (): Promise<void> => {
    for await (const event of readNdjson(child.stdout, frontEventSchema, { maxLineBytes, onInvalid })) {
      own.push(event)
      events.push(event)
    }
  }
  // One that is killed, by itself too, may be cut off in the middle of a line; any other line that cannot be read fails the tests.
  const onInvalid = (error: Error): void => {
    if (child.killed || hasExited()) return
    const known = within(exited, 'its death', dyingLimitMs).catch(() => undefined)
    void known.then(() => {
      if (child.signalCode === null) throw error
    })
  }
  void hear()
  // A front that died has no reader left; the tests find out by its exit and not by EPIPE.
  child.stdin.on('error', () => undefined)
  const say = (command: FrontCommandInput) => void child.stdin.write(`${JSON.stringify(command)}\n`)

  const kill9 = async () => {
    child.kill('SIGKILL')
    await exited
  }
  say({ type: 'configure', config })
  const ready = await waitFor(
    () => {
      if (hasExited()) throw new Error(`the front ended before it was ready: ${stderr}${JSON.stringify(own)}`)
      return own.find((event) => event.type === 'ready')
    },
    { what: 'the front to be ready', limitMs: 15_000 },
  ).catch(async (error: unknown) => {
    await kill9()
    throw error
  })

  const status = async (): Promise<FrontStatus> => {
    const seen = own.length
    say({ type: 'status' })
    return waitFor(() => own.slice(seen).find((event) => event.type === 'status'), {
      what: 'the status of the front',
    })
  }

  return {
    ready,
    get hasExited() {
      return hasExited()
    },
    exited,
    status,
    counters: async () => (await status()).counters,
    tell: say,
    kill9,
    shutdown: async () => {
      if (hasExited()) return
      say({ type: 'shutdown' })
      child.stdin.end()
      await within(exited, `the front to end after shutdown; it said: ${stderr}`, 15_000).catch(
        async (error: unknown) => {
          await kill9()
          throw error
        },
      )
    },
  }
}
