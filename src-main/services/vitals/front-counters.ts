import type { FrontCounters } from '../../shared/front-protocol.ts'

/** What happened between two reports of one front. */
export interface CountedMeanwhile {
  readonly bytesIn: number
  readonly bytesOut: number
  readonly latencyCounts: readonly number[]
}

/** Makes differences of a front's totals, also over its end and the start of the next one, which counts from zero again. */
export class CounterDifferences {
  #last: FrontCounters | undefined

  /** @returns undefined for the first report of all: its totals are of a time of which nobody knows how long it was. */
  since(counters: FrontCounters): CountedMeanwhile | undefined {
    const before = this.#last
    this.#last = counters
    if (before === undefined) return undefined
    const isSameFront = counters.requests >= before.requests && counters.bytesIn >= before.bytesIn
    const base = isSameFront ? before : undefined
    const countsBefore = base?.latencyCounts ?? []
    return {
      bytesIn: counters.bytesIn - (base?.bytesIn ?? 0),
      bytesOut: counters.bytesOut - (base?.bytesOut ?? 0),
      latencyCounts: (counters.latencyCounts ?? []).map(
        (count, bucket) => count - (countsBefore[bucket] ?? 0),
      ),
    }
  }
}
