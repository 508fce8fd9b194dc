import type { Clock } from '../../lib/clock.ts'
import { SingleFlight } from '../../lib/single-flight.ts'
import type { Backend, Call, SpaceInfo } from './backend.ts'
import { orElseStale, type StallWatch } from './tree/or-else-stale.ts'

/** Clients ask before every few writes; nobody needs it to the second. */
const ttlMs = 5_000

/** The drive's size and free space, remembered for some seconds. */
export class Space {
  readonly #backend: Backend
  readonly #clock: Clock
  readonly #stall: StallWatch
  readonly #flights = new SingleFlight<SpaceInfo>()
  #known: { readonly info: SpaceInfo; readonly atMs: number } | undefined

  constructor(backend: Backend, clock: Clock, stall: StallWatch) {
    this.#backend = backend
    this.#clock = clock
    this.#stall = stall
  }

  async get(call: Call): Promise<SpaceInfo> {
    const known = this.#known
    if (known !== undefined && this.#clock.monotonicMs() - known.atMs < ttlMs) return known.info
    return orElseStale(known?.info, this.#stall, call.signal, (signal) =>
      this.#flights.run('', (shared) => this.#ask({ signal: shared }), signal),
    )
  }

  async #ask(call: Call): Promise<SpaceInfo> {
    const atMs = this.#clock.monotonicMs()
    const info = await this.#backend.statfs(call)
    this.#known = { info, atMs }
    return info
  }
}
