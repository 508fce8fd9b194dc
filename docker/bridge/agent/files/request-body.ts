import type { IncomingMessage, ServerResponse } from 'node:http'

import { BridgeError } from '../../lib/bridge-error.ts'

/** A client that sends nothing for so long, and does not hang up either, has gone to sleep. */
const patienceMs = 120_000

/**
 * The bytes a client sends. Nothing is taken before the first `next`; a client that asked whether to send (`Expect: 100-continue`) is told
 * to then.
 */
export class RequestBody {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #signal: AbortSignal
  readonly #patienceMs: number
  #isAwaited: boolean

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
    { silenceMs = patienceMs }: { readonly silenceMs?: number } = {},
  ) {
    this.#request = request
    this.#response = response
    this.#signal = signal
    this.#patienceMs = silenceMs
    this.#isAwaited = request.headers.expect !== undefined
  }

  /**
   * The next piece, or undefined after the last. A body that breaks off never ends: it throws.
   * @throws BridgeError `cancelled`.
   */
  async next(): Promise<Buffer | undefined> {
    if (this.#isAwaited) this.#response.writeContinue()
    this.#isAwaited = false
    for (;;) {
      if (this.#signal.aborted) throw new BridgeError('cancelled')
      const piece = this.#request.read() as Buffer | null
      if (piece !== null) return piece
      if (this.#request.readableEnded) return undefined
      if (this.#request.destroyed) throw new BridgeError('cancelled', { reason: 'the body broke off' })
      await this.#change()
    }
  }

  /** Resolves when there may be something new to see. @throws BridgeError `cancelled` after a long silence. */
  #change(): Promise<void> {
    const request = this.#request
    return new Promise((resolve, reject) => {
      const events = ['readable', 'end', 'error', 'close'] as const
      const settle = (conclude: () => void): void => {
        clearTimeout(silence)
        for (const event of events) request.off(event, onChange)
        this.#signal.removeEventListener('abort', onChange)
        conclude()
      }
      const onChange = (): void => settle(resolve)
      const silence = setTimeout(
        () => settle(() => reject(new BridgeError('cancelled', { reason: 'the body stood still' }))),
        this.#patienceMs,
      )
      for (const event of events) request.once(event, onChange)
      this.#signal.addEventListener('abort', onChange, { once: true })
    })
  }
}
