import type { ServerResponse } from 'node:http'

import { BridgeError, toBridgeError } from './bridge-error.ts'

/**
 * An answer of one JSON value a line. Its head goes out with the first line, so that a failure before it can still be an ordinary
 * answer. Whoever makes one ends it, by `end` or `fail`.
 */
export class NdjsonWriter {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
  }

  get hasBegun(): boolean {
    return this.#response.headersSent
  }

  /**
   * Sends one line for each value. Resolves when the client keeps up: whoever waits for it has at most one batch in memory.
   * @throws BridgeError `cancelled` when the client has hung up.
   */
  async write(...values: readonly unknown[]): Promise<void> {
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' })
    }
    if (this.#response.closed || this.#response.destroyed) throw new BridgeError('cancelled')
    const lines = values.map((value) => `${JSON.stringify(value)}\n`).join('')
    if (!this.#response.write(lines)) await this.#drained()
  }

  end(): void {
    this.#response.end()
  }

  /** Ends the answer with the line `{ "error": … }`. */
  fail(error: unknown): void {
    this.#response.end(`${JSON.stringify({ error: toBridgeError(error) })}\n`)
  }

  #drained(): Promise<void> {
    const response = this.#response
    return new Promise((resolve, reject) => {
      const onDrain = (): void => {
        response.off('close', onClose)
        resolve()
      }
      const onClose = (): void => {
        response.off('drain', onDrain)
        reject(new BridgeError('cancelled'))
      }
      response.once('drain', onDrain)
      response.once('close', onClose)
    })
  }
}
