/** Holds writes up while it is shut, as a backend out of reach does; open at first. */
export class WriteGate {
  #shut: PromiseWithResolvers<undefined> | undefined

  shut(): void {
    this.#shut ??= Promise.withResolvers<undefined>()
  }

  open(): void {
    this.#shut?.resolve(undefined)
    this.#shut = undefined
  }

  /** @throws the signal's reason when it aborts first. */
  async pass(signal: AbortSignal): Promise<void> {
    if (this.#shut === undefined) return
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const onAbort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      signal.throwIfAborted()
      await Promise.race([this.#shut.promise, aborted])
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}
