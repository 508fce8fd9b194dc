import { backoffDelayMs, type Backoff } from '../../../core/backoff.ts'
import type { Clock } from '../../../lib/clock.ts'
import { createEmitter, type Event } from '../../../lib/event.ts'
import type { Logger } from '../../../lib/logger.ts'
import { watchForWakes } from '../../../lib/wake-watch.ts'
import { toAppError, type SerializedError } from '../../../shared/errors.ts'
import type { PluginProcess } from './plugin-process.ts'

export type ForwardState =
  | { readonly kind: 'open' }
  /** The session ended, and is being started again. */
  | { readonly kind: 'waiting'; readonly error: SerializedError }

/** A port of this machine's loopback that leads to a mount target, for as long as this is held. */
export interface Forward extends AsyncDisposable {
  /** Stays the same over all restarts: what connects through it knows it from its start. */
  readonly localPort: number
  readonly state: ForwardState
  readonly changed: Event<ForwardState>
}

export interface ForwardOptions {
  readonly localPort: number
  /** One session, from `StartSession` to an open port. */
  readonly open: (signal: AbortSignal) => Promise<PluginProcess>
  readonly clock: Clock
  readonly log: Logger
  /** 0 to 1, as `Math.random`. */
  readonly random: () => number
}

const pauses: Backoff = { firstMs: 1_000, maxMs: 60_000 }

/** A session that stood this long was a good one: the next pause is a short one again. */
const goodAfterMs = 60_000

/**
 * Keeps a session going: one that ends is started again after a pause, and after a sleep of the machine all at once, because a session does not
 * survive one but its program may not notice.
 * @throws AppError when the first session cannot be started.
 */
export async function keepForward(options: ForwardOptions, signal: AbortSignal): Promise<Forward> {
  const forward = new KeptForward(options)
  await forward.start(signal)
  return forward
}

class KeptForward implements Forward {
  readonly localPort: number
  readonly #options: ForwardOptions
  readonly #changed = createEmitter<ForwardState>()
  readonly #over = new AbortController()
  #state: ForwardState = { kind: 'open' }
  /** Aborted: the next pause is skipped, or the one that is on ends. */
  #hurry = new AbortController()
  #plugin: PluginProcess | undefined
  #keeping: Promise<void> = Promise.resolve()
  #wakes: Disposable | undefined

  constructor(options: ForwardOptions) {
    this.#options = options
    this.localPort = options.localPort
  }

  get state(): ForwardState {
    return this.#state
  }

  get changed(): Event<ForwardState> {
    return this.#changed
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#plugin = await this.#options.open(signal)
    this.#keeping = this.#keep(this.#plugin)
    this.#wakes = watchForWakes(this.#options.clock, () => this.#wake())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wakes?.[Symbol.dispose]()
    this.#over.abort()
    await this.#plugin?.[Symbol.asyncDispose]()
    await this.#keeping
  }

  #wake(): void {
    this.#hurry.abort()
    void this.#plugin?.[Symbol.asyncDispose]()
  }

  async #keep(first: PluginProcess): Promise<void> {
    const { clock, log } = this.#options
    let plugin = first
    let attempt = 0
    for (;;) {
      const openedAtMs = clock.monotonicMs()
      const reason = await plugin.ended
      if (this.#isOver()) return
      if (clock.monotonicMs() - openedAtMs >= goodAfterMs) attempt = 0
      log.info('ssm', 'session ended', { reason })
      this.#change({ kind: 'waiting', error: { code: 'ssm-session-failed', args: { reason } } })
      const next = await this.#reopen(attempt)
      if (next === undefined) return
      plugin = next
      attempt += 1
      this.#change({ kind: 'open' })
    }
  }

  /** `undefined` when nobody wants it any more. */
  async #reopen(attemptsBefore: number): Promise<PluginProcess | undefined> {
    const { open, clock, log, random } = this.#options
    for (let attempt = attemptsBefore; ; attempt += 1) {
      await this.#pause(backoffDelayMs(attempt, pauses, random), clock)
      if (this.#isOver()) return undefined
      try {
        this.#plugin = await open(this.#over.signal)
        return this.#plugin
      } catch (reason) {
        if (this.#isOver()) return undefined
        const error = toAppError(reason)
        log.warn('ssm', 'session not started', { code: error.code })
        this.#change({ kind: 'waiting', error: error.toJSON() })
      }
    }
  }

  async #pause(ms: number, clock: Clock): Promise<void> {
    const signal = AbortSignal.any([this.#hurry.signal, this.#over.signal])
    if (!signal.aborted) await clock.sleep(ms, signal).catch(() => undefined)
    this.#hurry = new AbortController()
  }

  #isOver(): boolean {
    return this.#over.signal.aborted
  }

  #change(state: ForwardState): void {
    this.#state = state
    this.#changed.fire(state)
  }
}
