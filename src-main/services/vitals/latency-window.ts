import {
  latencyBucketCount,
  latencyBucketOf,
  latencyOfBucket,
  percentileOf,
} from '../../lib/latency-histogram.ts'
import type { LatencyView } from '../../shared/app/snapshot.ts'
import type { LatencySummary } from './vitals.ts'

const slotMs = 30_000
const slotCount = 30

/**
 * Times of the last 15 minutes, by half minutes. Takes the same room however many there are: a ring of histograms, each of
 * which is emptied when its half minute comes round again. Moments are those of a clock that never goes back.
 */
export class LatencyWindow {
  readonly #slots = Array.from({ length: slotCount }, () => new Uint32Array(latencyBucketCount))
  readonly #maxMs = new Float64Array(slotCount)
  /** The half minute that each slot holds, counted from the clock's beginning. */
  readonly #held = new Float64Array(slotCount).fill(-1)

  add(ms: number, nowMs: number): void {
    this.#count(latencyBucketOf(ms), 1, ms, nowMs)
  }

  /** `counts` by buckets, of times that were not told one by one. */
  addCounts(counts: readonly number[], nowMs: number): void {
    for (const [bucket, count] of counts.entries()) {
      if (count > 0 && bucket < latencyBucketCount) this.#count(bucket, count, latencyOfBucket(bucket), nowMs)
    }
  }

  clear(): void {
    this.#held.fill(-1)
  }

  /** `undefined` when there was nothing in all the time. */
  summary(nowMs: number): LatencySummary | undefined {
    const all = new Uint32Array(latencyBucketCount)
    let maxMs = 0
    for (const slot of this.#current(nowMs)) {
      if (slot === undefined) continue
      const counts = this.#slots[slot]
      for (let bucket = 0; bucket < latencyBucketCount; bucket++) {
        all[bucket] = (all[bucket] ?? 0) + (counts?.[bucket] ?? 0)
      }
      maxMs = Math.max(maxMs, this.#maxMs[slot] ?? 0)
    }
    const p50Ms = percentileOf(all, 0.5)
    const p95Ms = percentileOf(all, 0.95)
    if (p50Ms === undefined || p95Ms === undefined) return undefined
    // The middle of a bucket may lie above the slowest of all.
    return {
      p50Ms: Math.min(p50Ms, maxMs),
      p95Ms: Math.min(p95Ms, maxMs),
      maxMs,
      samples: all.reduce((sum, count) => sum + count, 0),
    }
  }

  view(nowMs: number): LatencyView | undefined {
    const summary = this.summary(nowMs)
    if (summary === undefined) return undefined
    const p50Of = (slot: number): number | null => percentileOf(this.#slots[slot] ?? [], 0.5) ?? null
    const history = this.#current(nowMs).map((slot) => (slot === undefined ? null : p50Of(slot)))
    return { p50Ms: summary.p50Ms, p95Ms: summary.p95Ms, history }
  }

  #count(bucket: number, count: number, ms: number, nowMs: number): void {
    const halfMinute = Math.floor(nowMs / slotMs)
    const slot = halfMinute % slotCount
    const counts = this.#slots[slot]
    if (counts === undefined) return
    if (this.#held[slot] !== halfMinute) {
      this.#held[slot] = halfMinute
      this.#maxMs[slot] = 0
      counts.fill(0)
    }
    counts[bucket] = (counts[bucket] ?? 0) + count
    this.#maxMs[slot] = Math.max(this.#maxMs[slot] ?? 0, ms)
  }

  /** The slots of the last half minutes, the oldest first; `undefined` for one without a sample. */
  #current(nowMs: number): (number | undefined)[] {
    const newest = Math.floor(nowMs / slotMs)
    return Array.from({ length: slotCount }, (_, index) => {
      const halfMinute = newest - slotCount + 1 + index
      const slot = ((halfMinute % slotCount) + slotCount) % slotCount
      return this.#held[slot] === halfMinute ? slot : undefined
    })
  }
}
