import type { Clock } from '../../lib/clock.ts'
import { createEmitter } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import { toAppError, type SerializedError } from '../../shared/errors.ts'
import type { EngineView } from '../../shared/app/snapshot.ts'

export interface EngineFinding {
  readonly candidates: EngineView['candidates']
  readonly found:
    | { readonly ok: true; readonly name: string; readonly version: string }
    | { readonly ok: false; readonly error: SerializedError }
}

/** One look around; rejects only by `signal`. */
export type LookForEngines = (chosen: string | undefined, signal: AbortSignal) => Promise<EngineFinding>

export interface EngineWatchDeps {
  readonly look: LookForEngines
  readonly chosen: () => string | undefined
  /** Whether a drive would use one: then a missing one is looked for more often. */
  readonly isWanted: () => boolean
  readonly clock: Clock
  readonly log: Logger
}

/** An engine that is being started is noticed soon, and so is the end of one that drives use. */
const everyMs = { missing: 10_000, inUse: 30_000, otherwise: 5 * 60_000 }

/** Whether there is a container engine, looked at now and then and whenever there is a reason to. */
export class EngineWatch implements Disposable {
  readonly changed = createEmitter<undefined>()
  /** There is one again, after there was none. */
  readonly appeared = createEmitter<undefined>()
  readonly #deps: EngineWatchDeps
  readonly #ending = new AbortController()
  #finding: EngineFinding | undefined
  #isLooking = false
  #isAskedAgain = false
  #timer: Disposable | undefined

  constructor(deps: EngineWatchDeps) {
    this.#deps = deps
  }

  get view(): EngineView {
    const chosen = this.#deps.chosen()
    const { candidates = [], found } = this.#finding ?? {}
    const common = { candidates, chosen, name: undefined, version: undefined, error: undefined }
    if (found === undefined) return { ...common, state: 'looking' }
    if (!found.ok) return { ...common, state: 'missing', error: found.error }
    return { ...common, state: 'ready', name: found.name, version: found.version }
  }

  /** Forgets what was found, for a look that a person asked for. */
  lookAnew(): void {
    this.#finding = undefined
    this.changed.fire(undefined)
    this.look()
  }

  /** Looks once; once more after a look that is under way. */
  look(): void {
    if (this.#ending.signal.aborted) return
    if (this.#isLooking) {
      this.#isAskedAgain = true
      return
    }
    this.#timer?.[Symbol.dispose]()
    this.#isLooking = true
    void this.#lookOnce().finally(() => {
      this.#isLooking = false
      if (this.#ending.signal.aborted) return
      if (this.#isAskedAgain) {
        this.#isAskedAgain = false
        this.look()
        return
      }
      const isMissing = this.#finding?.found.ok === false
      const wantedMs = isMissing ? everyMs.missing : everyMs.inUse
      const delayMs = this.#deps.isWanted() ? wantedMs : everyMs.otherwise
      this.#timer = this.#deps.clock.setTimeout(() => this.look(), delayMs)
    })
  }

  [Symbol.dispose](): void {
    this.#ending.abort()
    this.#timer?.[Symbol.dispose]()
  }

  async #lookOnce(): Promise<void> {
    const { look, chosen, log } = this.#deps
    const { signal } = this.#ending
    const before = this.#finding
    const chosenNow = chosen()
    const after = await look(chosenNow, signal).catch((reason: unknown): EngineFinding => {
      return { candidates: [], found: { ok: false, error: toAppError(reason).toJSON() } }
    })
    if (signal.aborted || chosenNow !== chosen()) return
    this.#finding = after
    if (JSON.stringify(before) === JSON.stringify(after)) return
    log.info('app', 'engine', { ...after.found })
    this.changed.fire(undefined)
    if (after.found.ok) this.appeared.fire(undefined)
  }
}
