import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Logger } from '../../lib/logger.ts'
import { AppError } from '../../shared/errors.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import { FrontChannel } from './front-channel.ts'
import type { FrontChild } from './front-child.ts'
import type { FrontExit, StopLimits } from './front.ts'

const keptStderrLines = 20

/** What the log has to tell later, when somebody asks what became of a file. */
const noteworthy: ReadonlySet<FrontEvent['type']> = new Set(['warning', 'upload-attention', 'conflict'])

/** The child process of a front with its channel; knows how it ended, and ends it. Nothing of our environment reaches it. */
export class FrontProcess {
  readonly channel: FrontChannel
  readonly closed: Promise<FrontExit>
  readonly #child: FrontChild
  readonly #stderr: string[] = []
  #failure: AppError | undefined
  #stopping: Promise<void> | undefined

  constructor(child: FrontChild, log: Logger) {
    this.#child = child
    this.channel = new FrontChannel({
      input: child.stdout,
      send: (line) => child.send(line),
      onInvalid: (error) => log.warn('front', 'unreadable-line', { pid: this.pid, error }),
    })
    this.channel.events.on((event) => {
      if (event.type === 'failed') this.#failure = new AppError(event.error.code, event.error.args)
      if (noteworthy.has(event.type)) log.warn('front', event.type, { pid: this.pid, ...event })
    })
    const stderr = createInterface(child.stderr).on('error', (error) => {
      log.warn('front', 'stderr-broken', { pid: this.pid, error })
    })
    stderr.on('line', (line) => {
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
    this.#child.endCommands()
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
    const { exitCode, signal, startFailure } = await this.#child.closed
    if (startFailure !== undefined) {
      const error = new AppError(
        'front-start-failed',
        { detail: String(startFailure) },
        { cause: startFailure },
      )
      return { exitCode, signal, error }
    }
    const error = this.#failure ?? (this.#stopping === undefined ? diedOf(exitCode, signal) : undefined)
    return error === undefined ? { exitCode, signal } : { exitCode, signal, error }
  }
}

function diedOf(exitCode: number | null, signal: NodeJS.Signals | null): AppError {
  return new AppError('front-died', signal === null ? { exitCode: exitCode ?? -1 } : { signal })
}
