import { latencyBucketOf } from '../../lib/latency-histogram.ts'
import type { FrontCounters } from '../../shared/front-protocol.ts'
import type { RequestObserver, RequestRecord } from '../webdav/request-observer.ts'

const latencyWindow = 1_000
/** Of requests that moved more, the time is that of the bytes. */
const maxBytesOfDelay = 64 * 1024

/** Totals since the front started, in constant memory; implements the server's observer. */
export class Counters implements RequestObserver {
  readonly #latenciesMs = new Float64Array(latencyWindow)
  /** As long as the slowest request so far makes it: the last one is never 0. */
  readonly #latencyCounts: number[] = []
  readonly #backendCalls: () => number
  #requests = 0
  #refused = 0
  #bytesIn = 0
  #bytesOut = 0
  #inFlight = 0

  /** `backendCalls` gives the running total of calls to the backend. */
  constructor(backendCalls: () => number) {
    this.#backendCalls = backendCalls
  }

  /** Requests that are being answered now. */
  get inFlight(): number {
    return this.#inFlight
  }

  started(): void {
    this.#inFlight++
  }

  ended(record: RequestRecord): void {
    this.#inFlight--
    this.#latenciesMs[this.#requests % latencyWindow] = record.ms
    this.#requests++
    if (record.bytesIn + record.bytesOut <= maxBytesOfDelay) this.#countLatency(latencyBucketOf(record.ms))
    this.#bytesIn += record.bytesIn
    this.#bytesOut += record.bytesOut
    // A client that goes away early is every-day business; being told "no such file" is an answer, not a refusal.
    if (record.status >= 400 && record.status !== 404) this.#refused++
  }

  snapshot(): FrontCounters {
    const sorted = this.#latenciesMs.slice(0, Math.min(this.#requests, latencyWindow)).sort()
    const percentile = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return {
      requests: this.#requests,
      refused: this.#refused,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      backendCalls: this.#backendCalls(),
      inFlight: this.#inFlight,
      latencyMs: { p50: percentile(0.5), p95: percentile(0.95), max: sorted.at(-1) ?? 0 },
      latencyCounts: [...this.#latencyCounts],
    }
  }

  #countLatency(bucket: number): void {
    while (this.#latencyCounts.length <= bucket) this.#latencyCounts.push(0)
    this.#latencyCounts[bucket] = (this.#latencyCounts[bucket] ?? 0) + 1
  }
}
