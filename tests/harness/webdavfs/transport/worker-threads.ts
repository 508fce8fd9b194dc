import type { Clock } from '../../../../src-main/lib/clock.ts'
import { VolumeError } from '../errno.ts'
import { maxQueuedCalls, workerThreads } from '../limits.ts'

/** A thread of the agent, held until `release`. */
export interface WorkerThread {
  readonly name: string
  release(): void
}

interface Waiter {
  readonly since: number
  readonly take: (thread: WorkerThread) => void
}

/**
 * The agent's request threads: five for everything, first come, first served (webdavfs-403: D:71, Q:819). A download in the
 * background holds one until it ends (Q:617), a sequential upload one for its manager and one per write call (N:4049, Q:644).
 */
export class WorkerThreads {
  readonly #clock: Clock
  readonly #free: number[] = Array.from({ length: workerThreads }, (_, index) => index)
  readonly #waiters: Waiter[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get busyCount(): number {
    return workerThreads - this.#free.length
  }

  /**
   * Waits for a thread; `queuedMs` is how long. An aborted `signal` gives the place in the queue up.
   * @throws VolumeError ETIMEDOUT when 128 calls wait already; the signal's reason.
   */
  acquire(signal?: AbortSignal): Promise<{ readonly thread: WorkerThread; readonly queuedMs: number }> {
    const index = this.#free.shift()
    if (index !== undefined) return Promise.resolve({ thread: this.#hand(index), queuedMs: 0 })
    if (this.#waiters.length >= maxQueuedCalls) {
      return Promise.reject(new VolumeError('ETIMEDOUT', `${maxQueuedCalls} calls wait for a thread already`))
    }
    return new Promise((resolve, reject) => {
      const since = this.#clock.monotonicMs()
      const waiter: Waiter = {
        since,
        take: (thread) => {
          signal?.removeEventListener('abort', leave)
          resolve({ thread, queuedMs: this.#clock.monotonicMs() - since })
        },
      }
      const leave = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1)
        reject(signal?.reason as Error)
      }
      this.#waiters.push(waiter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #hand(index: number): WorkerThread {
    let held = true
    return {
      name: `worker ${index}`,
      release: () => {
        if (!held) return
        held = false
        const next = this.#waiters.shift()
        if (next === undefined) this.#free.push(index)
        else next.take(this.#hand(index))
      },
    }
  }
}
