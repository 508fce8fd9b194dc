import type { Clock } from '../../../lib/clock.ts'

const windowMs = 60_000
/** All requests to S3 of all drives together, and of these the listings, each of which costs as much as twelve others. */
const mostPerMinute = { all: 30, list: 6 } as const

export type RequestKind = 'head' | 'list'

/** What may be asked of S3 now: so many requests in any minute, and not one more. */
export class RequestBudget {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  /** Those of the last minute, the oldest first. */
  #made: { readonly kind: RequestKind; readonly atMs: number }[] = []

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock
  }

  /** @returns whether the request may be made; it is counted then. */
  take(kind: RequestKind): boolean {
    const atMs = this.#forgetOld()
    const lists = this.#made.filter((made) => made.kind === 'list').length
    if (this.#made.length >= mostPerMinute.all || (kind === 'list' && lists >= mostPerMinute.list))
      return false
    this.#made.push({ kind, atMs })
    return true
  }

  /** Until there is something to take again. */
  waitMs(): number {
    const nowMs = this.#forgetOld()
    const [oldest] = this.#made
    return oldest === undefined || this.#made.length < mostPerMinute.all ? 0 : oldest.atMs + windowMs - nowMs
  }

  #forgetOld(): number {
    const nowMs = this.#clock.monotonicMs()
    this.#made = this.#made.filter(({ atMs }) => atMs > nowMs - windowMs)
    return nowMs
  }
}
