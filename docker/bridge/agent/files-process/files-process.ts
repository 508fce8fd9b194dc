import { z } from 'zod'

import type { BridgeEvent } from '../../api/control.ts'
import { isAborted } from '../../lib/aborted.ts'
import { backoffDelayMs, type Backoff } from '../../lib/backoff.ts'
import { startProgram, type ChildProgram } from '../../lib/child-program.ts'
import type { Clock } from '../../lib/clock.ts'
import { endProgram } from '../../lib/end-program.ts'
import { eachLine } from '../../lib/lines.ts'
import type { FileServiceStartInput } from '../files/start.ts'

type LogLevel = Extract<BridgeEvent, { type: 'log' }>['level']

export interface FilesProcessOptions {
  /** Program and arguments of the file service. */
  readonly command: readonly [program: string, ...args: string[]]
  readonly start: FileServiceStartInput
  readonly clock: Clock
  readonly onServed: (port: number) => void
  readonly onGone: () => void
  readonly onLog: (level: LogLevel, text: string) => void
}

const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), port: z.number().int() }),
  z.object({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    text: z.string(),
  }),
])

const restartBackoff: Backoff = { firstMs: 200, maxMs: 10_000 }
const soundAfterMs = 10_000
const graceMs = 5_000

/** Node reads and writes files on as many threads as this; each may wait for the server at the same time. */
const threads = 64

/** Keeps the file service running until it is disposed. What gets stuck in the mount is that process, never the agent. */
export class FilesProcess implements AsyncDisposable {
  readonly #options: FilesProcessOptions
  readonly #end = new AbortController()
  readonly #running: Promise<void>
  #child: ChildProgram | undefined
  #starts = 0

  constructor(options: FilesProcessOptions) {
    this.#options = options
    this.#running = this.#keepRunning()
  }

  get restarts(): number {
    return Math.max(0, this.#starts - 1)
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** For one that is stuck: it is started again at once. */
  kill(): void {
    this.#child?.signal('SIGKILL')
  }

  /** Ends the file service: by its stdin and SIGTERM, then by SIGKILL. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    const child = this.#child
    if (child !== undefined) {
      child.stdin.end()
      const end = await endProgram(child, { clock: this.#options.clock, graceMs })
      // Stuck in the kernel: nobody can wait for it.
      if (end === undefined) return
    }
    await this.#running
  }

  async #keepRunning(): Promise<void> {
    const { clock } = this.#options
    for (let quickDeaths = 0; !isAborted(this.#end.signal);) {
      const startedAtMs = clock.monotonicMs()
      await this.#runOnce()
      if (isAborted(this.#end.signal)) return
      if (clock.monotonicMs() - startedAtMs >= soundAfterMs) quickDeaths = 0
      else await this.#rest(backoffDelayMs(quickDeaths++, restartBackoff))
    }
  }

  async #runOnce(): Promise<void> {
    const { command, start, onGone, onLog } = this.#options
    const [program, ...args] = command
    this.#starts += 1
    const child = startProgram(program, args, { UV_THREADPOOL_SIZE: String(threads) })
    this.#child = child
    child.stdin.write(`${JSON.stringify(start)}\n`)
    eachLine(child.stdout, (line) => this.#hear(line))
    eachLine(child.stderr, (line) => onLog('error', line))
    const end = await child.ended
    this.#child = undefined
    onGone()
    if (!this.#end.signal.aborted) onLog('warn', `the file service ended: ${JSON.stringify(end)}`)
  }

  #hear(line: string): void {
    const { onServed, onLog } = this.#options
    const parsed = parse(line)
    if (parsed === undefined) onLog('warn', line)
    else if (parsed.type === 'log') onLog(parsed.level, parsed.text)
    else onServed(parsed.port)
  }

  async #rest(delayMs: number): Promise<void> {
    await this.#options.clock.sleep(delayMs, this.#end.signal).catch(() => undefined)
  }
}

function parse(line: string): z.output<typeof lineSchema> | undefined {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
