import type { TunnelHealth } from '../api/control.ts'
import { isAborted } from '../lib/aborted.ts'
import { backoffDelayMs, type Backoff } from '../lib/backoff.ts'
import { startProgram, type ChildProgram, type ProgramEnd } from '../lib/child-program.ts'
import type { Clock } from '../lib/clock.ts'
import { endProgram } from '../lib/end-program.ts'
import { eachLine } from '../lib/lines.ts'
import type { TunnelProgram } from './tunnel-program.ts'
import { nextTunnelHealth, unknownTunnel, type TunnelEvent } from './tunnel-state.ts'

export interface SupervisorOptions {
  readonly program: TunnelProgram
  readonly configPath: string
  readonly clock: Clock
  /** Whether somebody listens where the tunnel should. */
  readonly isListening: () => Promise<boolean>
  readonly onHealth: (health: TunnelHealth) => void
  readonly onLine: (line: string, level: 'debug' | 'info' | 'warn' | 'error') => void
}

const restartBackoff: Backoff = { firstMs: 200, maxMs: 10_000 }

/** A program that lived this long is started again at once; one that dies sooner is given a pause. */
const soundAfterMs = 10_000

const listenPollMs = 50
/** It holds nothing that would be lost. */
const graceMs = 1_000

/** How long a program that says nothing about it may take to read two small files after SIGHUP. */
const reloadMs = 250
const reloadLimitMs = 5_000

/** Keeps one tunnel program running until it is disposed. */
export class TunnelSupervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions
  readonly #end = new AbortController()
  #health: TunnelHealth = unknownTunnel
  #child: ChildProgram | undefined
  #pause = new AbortController()
  #onReloaded: (() => void) | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  get health(): TunnelHealth {
    return this.#health
  }

  start(): void {
    this.#running = this.#keepRunning()
  }

  /** Ends the program, so that it is started again at once and opens new connections. */
  async restart(): Promise<void> {
    const child = this.#child
    this.#pause.abort()
    if (child !== undefined) await endProgram(child, { clock: this.#options.clock, graceMs })
  }

  /** Has the program read its files again. Resolves when it uses them, or must have had time to. */
  async reload(expiresAtMs: number): Promise<void> {
    const { program, clock } = this.#options
    this.#apply({ type: 'identity', expiresAtMs })
    if (this.#child === undefined) return
    const told = new Promise<void>((resolve) => (this.#onReloaded = resolve))
    this.#child.signal('SIGHUP')
    await Promise.race([told, clock.sleep(program.tellsReload ? reloadLimitMs : reloadMs, this.#end.signal)])
  }

  setExpiry(expiresAtMs: number): void {
    this.#apply({ type: 'identity', expiresAtMs })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    await this.restart()
    await this.#running
  }

  async #keepRunning(): Promise<void> {
    const { clock } = this.#options
    for (let quickDeaths = 0; !isAborted(this.#end.signal);) {
      this.#pause = new AbortController()
      const startedAtMs = clock.monotonicMs()
      const end = await this.#runOnce()
      if (isAborted(this.#end.signal)) return
      this.#apply(end.kind === 'failed' ? { type: 'missing' } : { type: 'exited', how: describe(end) })
      // Whoever asked for this end wants it back now.
      if (this.#pause.signal.aborted) quickDeaths = 0
      else if (clock.monotonicMs() - startedAtMs >= soundAfterMs) quickDeaths = 0
      else await this.#rest(backoffDelayMs(quickDeaths++, restartBackoff))
    }
  }

  async #runOnce(): Promise<ProgramEnd> {
    const { program, configPath } = this.#options
    this.#apply({ type: 'started' })
    const child = startProgram(program.program, program.args(configPath))
    this.#child = child
    child.stdin.end()
    const ended = new AbortController()
    eachLine(child.stdout, (line) => this.#hear(line))
    eachLine(child.stderr, (line) => this.#hear(line))
    void this.#awaitListening(ended.signal)
    const end = await child.ended
    ended.abort()
    this.#child = undefined
    return end
  }

  async #awaitListening(ended: AbortSignal): Promise<void> {
    const { clock, isListening } = this.#options
    while (!isAborted(ended)) {
      if (await isListening()) {
        // The table was read before the program may have ended.
        if (!isAborted(ended)) this.#apply({ type: 'listening' })
        return
      }
      await clock.sleep(listenPollMs, ended).catch(() => undefined)
    }
  }

  /** Sleeps; a nudge or the end wakes it. */
  async #rest(delayMs: number): Promise<void> {
    await this.#options.clock.sleep(delayMs, this.#pause.signal).catch(() => undefined)
  }

  #hear(line: string): void {
    const meaning = this.#options.program.read(line)
    if (meaning.hasReloaded === true) this.#onReloaded?.()
    this.#apply({ type: 'said', line, meaning })
    if (meaning.isNoise !== true) this.#options.onLine(line, meaning.level)
  }

  #apply(event: TunnelEvent): void {
    const next = nextTunnelHealth(this.#health, event)
    if (next === this.#health) return
    this.#health = next
    this.#options.onHealth(next)
  }
}

function describe(end: Exclude<ProgramEnd, { kind: 'failed' }>): string {
  return end.kind === 'exited' ? `exit code ${end.code}` : end.signal
}
