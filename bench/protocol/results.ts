import { median, spread } from '../lib/statistics.ts'
import type { Sample } from './measurements/measurement.ts'
import type { PeerId } from './peers/peer.ts'
import type { RowId } from './rows.ts'

/** A server's figure for one row: the median over the rounds of each round's median. */
export interface Figure {
  readonly value: number
  /** How far the rounds lie from it, as a share of it. */
  readonly spread: number
  /** One value per round. */
  readonly rounds: readonly number[]
}

/** All that was measured, by server and row. */
export class Results {
  readonly #rounds = new Map<string, number[]>()
  readonly #failures = new Map<string, string>()

  /** Adds what one server gave in one round. */
  add(peer: PeerId, samples: readonly Sample[]): void {
    for (const [row, ofRow] of Map.groupBy(samples, (sample) => sample.row)) {
      const key = keyOf(peer, row)
      const rounds = this.#rounds.get(key) ?? []
      rounds.push(median(ofRow.map(({ value }) => value)))
      this.#rounds.set(key, rounds)
    }
  }

  /** A server that failed once has no figure for those rows: what it gave before must not stand for it. */
  fail(peer: PeerId, rows: readonly RowId[], reason: string): void {
    for (const row of rows) this.#failures.set(keyOf(peer, row), reason)
  }

  figure(peer: PeerId, row: RowId): Figure | undefined {
    const rounds = this.#rounds.get(keyOf(peer, row))
    if (rounds === undefined || this.failure(peer, row) !== undefined) return undefined
    return { value: median(rounds), spread: spread(rounds), rounds }
  }

  /** Why there is no figure, when it was tried. */
  failure(peer: PeerId, row: RowId): string | undefined {
    return this.#failures.get(keyOf(peer, row))
  }
}

function keyOf(peer: PeerId, row: RowId): string {
  return `${peer} ${row}`
}
