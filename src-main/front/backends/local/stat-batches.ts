import { Worker } from 'node:worker_threads'

import type { Clock } from '../../../lib/clock.ts'
import type { StatReply, StatRequest } from './stat-rows.ts'

/** Twice what the worker allows itself for any directory that it goes through to the end, and then some. */
const patienceMs = 250
const patiencePerEntryMs = 0.04

/** A thread costs some 16 MB for as long as it lives, and folders that need it are opened in bursts. */
const idleMs = 10_000

const nothing: StatReply = { count: 0, rows: new Float64Array(0) }

/**
 * Asks about many entries of a directory at once, in a thread that is started on first use, ended when it has had nothing to do for a
 * while, and does not keep the process alive. It is a short cut and never the only way: while it starts, is busy with another directory or stuck on
 * a disk that does not answer, or when it could not be started, the answer is "nothing known".
 */
export class StatBatches {
  readonly #clock: Clock
  #worker: Worker | undefined
  #isReady = false
  #idle: Disposable | undefined
  /** Takes the answer that is on its way; none is when undefined. */
  #deliver: ((reply: StatReply) => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Rows for the first of `names`, for all of them on a disk that answers quickly. Never rejects. */
  async lstatAll(request: StatRequest): Promise<StatReply> {
    this.#idle?.[Symbol.dispose]()
    this.#worker ??= this.#start()
    this.#idle = this.#clock.setTimeout(() => this.#end(), idleMs).unref()
    if (!this.#isReady || this.#deliver !== undefined) return nothing
    const { promise, resolve } = Promise.withResolvers<StatReply>()
    this.#deliver = resolve
    this.#worker.postMessage(request)
    using _timer = this.#clock.setTimeout(
      () => resolve(nothing),
      patienceMs + request.names.length * patiencePerEntryMs,
    )
    return await promise
  }

  #start(): Worker {
    // Beside this file as source, beside the bundle once built.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./stat-worker.${extension}`, import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
    })
    worker.on('online', () => (this.#isReady = this.#worker === worker))
    worker.on('message', (reply: StatReply) => this.#settle(reply))
    worker.on('error', () => {
      this.#isReady = false
      this.#settle(nothing)
    })
    worker.unref()
    return worker
  }

  #end(): void {
    void this.#worker?.terminate()
    this.#worker = undefined
    this.#isReady = false
    this.#settle(nothing)
  }

  #settle(reply: StatReply): void {
    const deliver = this.#deliver
    this.#deliver = undefined
    deliver?.(reply)
  }
}
