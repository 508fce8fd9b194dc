import { backoffDelayMs } from '../../core/backoff.ts'
import { decideRenewal, type IdentityDecision } from '../../core/identity-renewal.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { SingleFlight } from '../../lib/single-flight.ts'
import type { IdentitySource, IssuedIdentity } from './ports.ts'

export interface IdentityKeeperOptions {
  readonly source: IdentitySource
  /** Hands a new identity to the tunnel that runs; resolves also when none does. */
  readonly handOver: (identity: IssuedIdentity, signal: AbortSignal) => Promise<void>
  readonly clock: Clock
  readonly log: Logger
  readonly random: () => number
}

const retry = { firstMs: 5_000, maxMs: 5 * 60_000 }
/** A sleeping machine stops timers and not certificates: what is due is looked at again at least so often. */
const longestSleepMs = 60_000

/** Has an identity that is good, and sees to it that the tunnel has the same. */
export class IdentityKeeper {
  readonly #options: IdentityKeeperOptions
  readonly #flights = new SingleFlight<IssuedIdentity>()
  #current: IssuedIdentity | undefined
  #spread: number
  #hurry = new AbortController()

  constructor(options: IdentityKeeperOptions) {
    this.#options = options
    this.#spread = options.random()
  }

  get expiresAtMs(): number | undefined {
    return this.#current?.expiresAtMs
  }

  /** One that still opens connections: the one in use, or a new one where that is due. @throws what the source rejects with. */
  async get(signal: AbortSignal): Promise<IssuedIdentity> {
    const current = this.#current
    const decision = current === undefined ? undefined : this.#decide(current).kind
    if (current !== undefined && decision === 'keep') return current
    try {
      return await this.renew(signal)
    } catch (error) {
      if (current === undefined || decision === 'expired') throw error
      return current
    }
  }

  /** A new identity, handed over. Requests at the same time share one. @throws what the source rejects with. */
  renew(signal: AbortSignal): Promise<IssuedIdentity> {
    return this.#flights.run('identity', (flightSignal) => this.#renewNow(flightSignal), signal)
  }

  /** Looks at what is due now: after a wake or a change of the clock. */
  hurry(): void {
    this.#hurry.abort()
  }

  /** Renews in time, and tries again when that fails, until `signal` is aborted. Never rejects. */
  async keepFresh(signal: AbortSignal): Promise<void> {
    const { log } = this.#options
    let failures = 0
    while (!signal.aborted) {
      const untilMs = this.#goodUntilMs()
      if (untilMs !== undefined) {
        failures = 0
        await this.#sleep(Math.min(longestSleepMs, untilMs - this.#options.clock.now()), signal)
        continue
      }
      await this.renew(signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn('bridge', 'identity not renewed', { failures, error })
      })
      if (this.#goodUntilMs() !== undefined) continue
      // It failed, or what the source has is itself about to end.
      await this.#sleep(backoffDelayMs(failures, retry, this.#options.random), signal)
      failures += 1
    }
  }

  async #renewNow(signal: AbortSignal): Promise<IssuedIdentity> {
    const { source, handOver, random, log } = this.#options
    const identity = await source(signal)
    this.#current = identity
    this.#spread = random()
    // Also when nobody takes it now: the next tunnel starts with it.
    await handOver(identity, signal).catch((error: unknown) =>
      log.warn('bridge', 'identity not handed over', { error }),
    )
    log.info('bridge', 'identity renewed', { expiresAtMs: identity.expiresAtMs })
    return identity
  }

  /** Nothing when there is none, or a new one is due. */
  #goodUntilMs(): number | undefined {
    const decision = this.#current === undefined ? undefined : this.#decide(this.#current)
    return decision?.kind === 'keep' ? decision.untilMs : undefined
  }

  #decide(identity: IssuedIdentity): IdentityDecision {
    return decideRenewal(identity, this.#options.clock.now(), this.#spread)
  }

  async #sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    if (this.#hurry.signal.aborted) this.#hurry = new AbortController()
    const wake = AbortSignal.any([signal, this.#hurry.signal])
    await this.#options.clock.sleep(delayMs, wake).catch(() => undefined)
  }
}
