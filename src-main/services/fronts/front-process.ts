import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Logger } from '../../lib/logger.ts'
import { AppError } from '../../shared/errors.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import { FrontChannel } from './front-channel.ts'
import type { FrontExit, StopLimits } from './front.ts'

export interface FrontProgram {
  readonly nodePath: string
  readonly entryPath: string
}

/**
 * A front's stderr goes to the log, where a warning about a stable enough part of Node is noise. A small nursery for objects
 * halves what a busy front holds: network pieces live a moment, and without a limit V8 lets tens of megabytes of them pile up.
 */
export const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2']

/** File calls wait in libuv's pool; with its default of 4 threads, five slow downloads would hold up a listing. More threads than this only cost CPU. */
const frontEnv = { UV_THREADPOOL_SIZE: '12' }

const keptStderrLines = 20

/** What the log has to tell later, when somebody asks what became of a file. */
const noteworthy: ReadonlySet<FrontEvent['type']> = new Set(['warning', 'upload-attention', 'conflict'])

/** The child process of a front with its channel; knows how it ended, and ends it. Nothing of our environment reaches it. */
export class FrontProcess {
  readonly channel: FrontChannel
  readonly closed: Promise<FrontExit>
  readonly #child: ChildProcessWithoutNullStreams
  readonly #stderr: string[] = []
  #failure: AppError | undefined
  #stopping: Promise<void> | undefined

  constructor({ nodePath, entryPath }: FrontProgram, log: Logger) {
    // A process group of its own: Ctrl-C in a terminal is for its parent, which unmounts first and needs the front for that.
    this.#child = spawn(nodePath, [...nodeFlags, entryPath], { env: frontEnv, stdio: 'pipe', detached: true })
    this.channel = new FrontChannel({
      input: this.#child.stdout,
      output: this.#child.stdin,
      onInvalid: (error) => log.warn('front', 'unreadable-line', { pid: this.pid, error }),
    })
    this.channel.events.on((event) => {
      if (event.type === 'failed') this.#failure = new AppError(event.error.code, event.error.args)
      if (noteworthy.has(event.type)) log.warn('front', event.type, { pid: this.pid, ...event })
    })
    createInterface(this.#child.stderr).on('line', (line) => {
      log.warn('front', 'stderr', { pid: this.pid, line })
      this.#stderr.push(line)
      if (this.#stderr.length > keptStderrLines) this.#stderr.shift()
    })
    this.closed = this.#watch()
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** The last lines the process wrote to stderr. */
  get lastWords(): string {
    return this.#stderr.join('\n')
  }

  /** Resolves when the process is gone; a second call joins the first. */
  stop(limits: StopLimits): Promise<void> {
    this.#stopping ??= this.#end(limits)
    return this.#stopping
  }

  async #end({ shutdownMs, terminateMs }: StopLimits): Promise<void> {
    this.channel.send({ type: 'shutdown' })
    // To a front the end of its stdin is the death of its parent: it ends even when it has not understood the command.
    this.#child.stdin.end()
    if (await this.#endsWithin(shutdownMs)) return
    this.#child.kill('SIGTERM')
    if (await this.#endsWithin(terminateMs)) return
    this.#child.kill('SIGKILL')
    await this.closed
  }

  async #endsWithin(limitMs: number): Promise<boolean> {
    const ended = new AbortController()
    const limit = sleep(limitMs, false, { signal: ended.signal }).catch(() => false)
    try {
      return await Promise.race([this.closed.then(() => true), limit])
    } finally {
      ended.abort()
    }
  }

  async #watch(): Promise<FrontExit> {
    let exitCode: number | null
    let signal: NodeJS.Signals | null
    try {
      // `close`, not `exit`: only then has everything it said been read.
      ;[exitCode, signal] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null]
    } catch (cause) {
      return {
        exitCode: null,
        signal: null,
        error: new AppError('front-start-failed', { detail: String(cause) }, { cause }),
      }
    }
    const error = this.#failure ?? (this.#stopping === undefined ? diedOf(exitCode, signal) : undefined)
    return error === undefined ? { exitCode, signal } : { exitCode, signal, error }
  }
}

function diedOf(exitCode: number | null, signal: NodeJS.Signals | null): AppError {
  return new AppError('front-died', signal === null ? { exitCode: exitCode ?? -1 } : { signal })
}
