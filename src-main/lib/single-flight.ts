interface Flight<T> {
  readonly result: Promise<T>
  readonly controller: AbortController
  waiters: number
}

/** Joins equal requests: while one for a key is under way, later ones share its outcome. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>()

  /**
   * Starts `work`, or joins it where it is under way for `key`. A caller whose `signal` aborts leaves with the signal's
   * reason; the work itself is aborted only when nobody is left waiting for it.
   */
  run(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason as Error)
    const flight = this.#flights.get(key) ?? this.#start(key, work)
    flight.waiters += 1
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        this.#leave(key, flight)
        // The reason is the aborter's own and passed on as it is.
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', leave, { once: true })
      flight.result
        .finally(() => {
          signal.removeEventListener('abort', leave)
        })
        .then(resolve, reject)
    })
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController()
    const flight: Flight<T> = { result: work(controller.signal), controller, waiters: 0 }
    this.#flights.set(key, flight)
    const end = (): void => {
      this.#forget(key, flight)
    }
    flight.result.then(end, end)
    return flight
  }

  #leave(key: string, flight: Flight<T>): void {
    flight.waiters -= 1
    if (flight.waiters > 0) return
    // Forgotten at once: whoever comes next must not join work that is being called off.
    this.#forget(key, flight)
    flight.controller.abort()
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}
