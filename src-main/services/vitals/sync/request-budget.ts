import type { Clock } from '../../../lib/clock.ts'

/** All requests to S3 of all drives together: at most this many a minute, and of these so many listings, which cost twelve times as much. */
const perMinute = { all: 30, list: 6 } as const

export type RequestKind = 'head' | 'list'

/** What may be asked of S3 now. Allowances come back evenly; what is not used is kept for a minute. */
export class RequestBudget {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #left = { ...perMinute } as { all: number; list: number }
  #filledMs: number

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock
    this.#filledMs = clock.monotonicMs()
  }

  /** @returns whether the request may be made; it is counted then. */
  take(kind: RequestKind): boolean {
    this.#fill()
    if (this.#left.all < 1 || (kind === 'list' && this.#left.list < 1)) return false
    this.#left.all -= 1
    if (kind === 'list') this.#left.list -= 1
    return true
  }

  /** Until there is something to take again. */
  waitMs(): number {
    this.#fill()
    return this.#left.all >= 1 ? 0 : Math.ceil(((1 - this.#left.all) * 60_000) / perMinute.all)
  }

  #fill(): void {
    const nowMs = this.#clock.monotonicMs()
    const minutes = (nowMs - this.#filledMs) / 60_000
    this.#filledMs = nowMs
    for (const kind of ['all', 'list'] as const) {
      this.#left[kind] = Math.min(perMinute[kind], this.#left[kind] + minutes * perMinute[kind])
    }
  }
}
