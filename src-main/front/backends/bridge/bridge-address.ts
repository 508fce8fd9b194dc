import type { BridgeAddress } from '../../../shared/front-protocol.ts'
import { cancelled, throwIfAborted } from '../../files/abort.ts'

/**
 * The address of a drive's agent, which comes, goes and changes while the front stays. Whoever needs it while there is none waits:
 * the bridge is on its way, and how long is too long is decided above.
 */
export class BridgeAddresses {
  #current: BridgeAddress | undefined
  readonly #waiting = new Set<(address: BridgeAddress) => void>()
  readonly #listeners = new Set<() => void>()

  /** `undefined` while there is no agent. False when that is what it was already. */
  set(address: BridgeAddress | undefined): boolean {
    if (address?.url === this.#current?.url && address?.token === this.#current?.token) return false
    this.#current = address
    for (const listener of this.#listeners) listener()
    if (address === undefined) return true
    for (const resolve of this.#waiting) resolve(address)
    this.#waiting.clear()
    return true
  }

  /** Calls `listener` after each change. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** The address, as soon as there is one. @throws AppError `cancelled` when `signal` is aborted first. */
  async current(signal: AbortSignal): Promise<BridgeAddress> {
    throwIfAborted(signal)
    if (this.#current !== undefined) return this.#current
    return await new Promise((resolve, reject) => {
      const settle = (address: BridgeAddress): void => {
        signal.removeEventListener('abort', onAbort)
        resolve(address)
      }
      const onAbort = (): void => {
        this.#waiting.delete(settle)
        reject(cancelled(signal))
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.add(settle)
    })
  }
}
