import { median, spread } from '../lib/statistics.ts'
import { totalOf, type Breakdown } from './delayfs/operation-counts.ts'
import type { ServerId } from './servers/server.ts'
import type { Figures } from './target.ts'

/** One gesture on one server in one round. */
export interface Sample extends Figures {
  /** Of all calls, by operation. */
  readonly breakdown: Breakdown
}

/** All that was measured, by server and gesture. */
export class Results {
  readonly #samples = new Map<string, Sample[]>()
  readonly #failures = new Map<string, string>()

  add(server: ServerId, gesture: string, sample: Sample): void {
    const key = keyOf(server, gesture)
    this.#samples.set(key, [...(this.#samples.get(key) ?? []), sample])
  }

  /** A server that failed once has no figures for that gesture: what it gave before must not stand for it. */
  fail(server: ServerId, gesture: string, reason: string): void {
    this.#failures.set(keyOf(server, gesture), reason)
  }

  /** The median of each figure over the rounds. */
  figures(server: ServerId, gesture: string): Figures | undefined {
    const samples = this.samples(server, gesture)
    if (samples.length === 0 || this.failure(server, gesture) !== undefined) return undefined
    const middle = (figure: keyof Figures): number => median(samples.map((sample) => sample[figure]))
    return {
      seconds: middle('seconds'),
      waitedCalls: middle('waitedCalls'),
      totalCalls: middle('totalCalls'),
      requests: middle('requests'),
      deliveredSeconds: middle('deliveredSeconds'),
    }
  }

  /** How far the seconds of a typical round lie from their median, as a share of it. */
  spread(server: ServerId, gesture: string): number {
    return spread(this.samples(server, gesture).map(({ seconds }) => seconds))
  }

  /** The calls of the round that made most of them. */
  breakdown(server: ServerId, gesture: string): Breakdown {
    const breakdowns = this.samples(server, gesture).map((sample) => sample.breakdown)
    return breakdowns.toSorted((a, b) => totalOf(b) - totalOf(a))[0] ?? {}
  }

  samples(server: ServerId, gesture: string): readonly Sample[] {
    return this.#samples.get(keyOf(server, gesture)) ?? []
  }

  /** Why there are no figures, when it was tried. */
  failure(server: ServerId, gesture: string): string | undefined {
    return this.#failures.get(keyOf(server, gesture))
  }
}

function keyOf(server: ServerId, gesture: string): string {
  return `${server} ${gesture}`
}
