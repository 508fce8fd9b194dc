import type { Clock } from '../../../../src-main/lib/clock.ts'
import { isVolumeError, VolumeError } from '../errno.ts'
import { callBudgetMs, unavailableRetryMs } from '../limits.ts'
import type { Recorder } from '../report/recorder.ts'
import type { Link } from './link.ts'
import type { WorkerThread, WorkerThreads } from './worker-threads.ts'

/** READ, WRITE, FSYNC and WRITESEQ wait for ever; all other calls 90 s (webdavfs-403: V:392-400). */
export type Patience = 'budget' | 'for ever'

interface KextCallsOptions {
  readonly clock: Clock
  readonly threads: WorkerThreads
  readonly link: Link
  readonly recorder: Recorder
}

/** The way from the kext to the agent: a program stands still from here until the answer is back. */
export class KextCalls {
  readonly #options: KextCallsOptions

  constructor(options: KextCallsOptions) {
    this.#options = options
  }

  /**
   * Runs `work` on one of the five threads. While the volume is DOWN the answer is ETIMEDOUT at once, without any network
   * (webdavfs-403: Q:354-361). A call that outlives its budget ends for the program; its thread goes on with it.
   */
  async call<T>(
    operation: string,
    path: string,
    work: (thread: WorkerThread) => Promise<T>,
    patience: Patience = 'budget',
  ): Promise<T> {
    const { clock, recorder } = this.#options
    const startMs = clock.monotonicMs()
    const queued = { ms: 0 }
    const budget = patience === 'budget' ? this.#budget(operation, path) : undefined
    try {
      const attempt = this.#untilAvailable(work, queued, budget?.signal)
      return await (budget === undefined ? attempt : Promise.race([attempt, budget.expired]))
    } finally {
      budget?.end()
      recorder.waited(clock.monotonicMs() - startMs, queued.ms)
    }
  }

  async #untilAvailable<T>(
    work: (thread: WorkerThread) => Promise<T>,
    queued: { ms: number },
    signal: AbortSignal | undefined,
  ): Promise<T> {
    for (;;) {
      try {
        return await this.#once(work, queued, signal)
      } catch (error) {
        // The kext asks again every 2 s after an ENXIO, until the server is up (webdavfs-403: V:421-441).
        if (!isVolumeError(error, 'ENXIO') || this.#options.link.isDead) throw error
        do await this.#options.clock.sleep(unavailableRetryMs, signal)
        while (!this.#options.link.isUp)
      }
    }
  }

  async #once<T>(
    work: (thread: WorkerThread) => Promise<T>,
    queued: { ms: number },
    signal: AbortSignal | undefined,
  ): Promise<T> {
    this.#refuseWhileDown()
    const { thread, queuedMs } = await this.#options.threads.acquire(signal)
    queued.ms += queuedMs
    try {
      this.#refuseWhileDown()
      return await work(thread)
    } finally {
      thread.release()
    }
  }

  #refuseWhileDown(): void {
    const { link } = this.#options
    if (link.isDead) throw new VolumeError('ENXIO', 'the volume is dead')
    if (!link.isUp) throw new VolumeError('ETIMEDOUT', 'the volume is down')
  }

  #budget(operation: string, path: string) {
    const { clock, recorder } = this.#options
    const controller = new AbortController()
    const { promise: expired, reject } = Promise.withResolvers<never>()
    expired.catch(() => undefined)
    const timer = clock.setTimeout(() => {
      recorder.event({ kind: 'hang', operation, path, reason: `no answer within ${callBudgetMs / 1000} s` })
      const error = new VolumeError('ETIMEDOUT', `${operation} ${path} went over its budget`)
      reject(error)
      controller.abort(error)
    }, callBudgetMs)
    return { expired, signal: controller.signal, end: () => timer[Symbol.dispose]() }
  }
}
