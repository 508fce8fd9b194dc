import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'

export interface DenialKeeperOptions {
  /** Has another identity made and handed over. */
  readonly renew: () => Promise<unknown>
  readonly clock: Clock
  readonly log: Logger
}

const pauseMs = 60_000

/**
 * While the server refuses the identity in use, another one is tried every minute: it may have been revoked, or made from a session that
 * has ended, and nobody says when somebody has signed in again.
 */
export class DenialKeeper implements Disposable {
  readonly #options: DenialKeeperOptions
  #isDenied = false
  #renewing: AbortController | undefined
  #hurry = new AbortController()

  constructor(options: DenialKeeperOptions) {
    this.#options = options
  }

  /** What the agent says now. */
  heard(isDenied: boolean): void {
    this.#isDenied = isDenied
    if (!isDenied || this.#renewing !== undefined) return
    this.#renewing = new AbortController()
    void this.#renewWhileDenied(this.#renewing.signal)
  }

  /** Tries at once what waits. */
  hurry(): void {
    this.#hurry.abort()
  }

  /** Until it hears of another denial there is nothing to be done. */
  [Symbol.dispose](): void {
    this.#renewing?.abort()
    this.#renewing = undefined
    this.#isDenied = false
  }

  async #renewWhileDenied(signal: AbortSignal): Promise<void> {
    const { renew, clock, log } = this.#options
    while (!signal.aborted && this.#isDenied) {
      await renew().catch((error: unknown) => log.warn('bridge', 'no other identity', { error }))
      this.#hurry = new AbortController()
      await clock.sleep(pauseMs, AbortSignal.any([signal, this.#hurry.signal])).catch(() => undefined)
    }
    if (!signal.aborted) this.#renewing = undefined
  }
}
