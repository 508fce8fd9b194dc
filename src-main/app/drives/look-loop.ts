import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'

export interface LookLoopDeps {
  readonly look: () => Promise<void>
  /** Something moves that a person may be watching. */
  readonly isMoving: () => boolean
  readonly ending: AbortSignal
  readonly clock: Clock
  readonly log: Logger
}

/** From the end of one look to the next. */
const everyMs = { moving: 1_000, resting: 3_000 }
/** For many reasons at once to be one look. */
const soonMs = 300

/** Looks again and again, and sooner where there is a reason to. */
export class LookLoop implements Disposable {
  readonly #deps: LookLoopDeps
  #timer: Disposable | undefined
  #dueMs = Infinity

  constructor(deps: LookLoopDeps) {
    this.#deps = deps
  }

  /** Looks at once, and from then on by itself. Never rejects. */
  async now(): Promise<void> {
    const { isMoving, ending, log } = this.#deps
    this.#callOff()
    await this.look().catch((error: unknown) => {
      if (!ending.aborted) log.error('app', 'not looked', { error })
    })
    this.#after(isMoving() ? everyMs.moving : everyMs.resting)
  }

  /** Something has happened whose outcome shows only when one looks. */
  soon(): void {
    if (!this.#deps.isMoving()) this.#after(soonMs)
  }

  /** Once. */
  async look(): Promise<void> {
    await this.#deps.look()
  }

  [Symbol.dispose](): void {
    this.#callOff()
  }

  /** Never later than it was to be: reasons may come faster than anybody could look, and while somebody looks. */
  #after(delayMs: number): void {
    const { ending, clock } = this.#deps
    const dueMs = clock.monotonicMs() + delayMs
    if (ending.aborted || dueMs >= this.#dueMs) return
    this.#callOff()
    this.#dueMs = dueMs
    this.#timer = clock.setTimeout(() => void this.now(), delayMs)
  }

  #callOff(): void {
    this.#timer?.[Symbol.dispose]()
    this.#dueMs = Infinity
  }
}
