import { BridgeError } from '../../lib/bridge-error.ts'

/** At most `width` calls at a time, the others in order of arrival. What waits can be called off; what runs cannot. */
export class Lane {
  readonly #width: number
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(width: number) {
    this.#width = width
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** @throws BridgeError `cancelled` when `signal` is aborted before the turn of `call` comes; what `call` throws. */
  async run<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted === true) throw new BridgeError('cancelled')
    if (this.#running < this.#width) this.#running++
    // Whoever leaves hands over the place, so that nobody who comes in between takes it.
    else await this.#turn(signal)
    try {
      return await call()
    } finally {
      this.#leave()
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(take)
        reject(new BridgeError('cancelled'))
      }
      const take = (): void => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      this.#waiting.add(take)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  #leave(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#running--
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
