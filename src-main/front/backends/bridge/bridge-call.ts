import { request, type Agent, type ClientRequest, type IncomingMessage } from 'node:http'

import { callHeader } from '../../../../docker/bridge/api/files.ts'
import type { BridgeAddress } from '../../../shared/front-protocol.ts'
import { brokenConnection } from './bridge-failure.ts'

export interface BridgeRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly route: string
  readonly query?: Readonly<Record<string, string | number>>
  /** By which it can be cancelled; see `callHeader`. */
  readonly callId?: string
  /** A body follows by `write` and `end`. */
  readonly hasBody?: boolean
}

/** One request on its way. Whoever made it ends it: by reading its answer, or by `hangUp`. */
export class BridgeCall {
  /** The answer's head. @throws AppError `stalled` when the connection cannot be made, or breaks before it. */
  readonly answered: Promise<IncomingMessage>
  readonly #request: ClientRequest
  readonly #invited: Promise<unknown>

  constructor(
    { url, token }: BridgeAddress,
    agent: Agent,
    { method, route, query, callId, hasBody = false }: BridgeRequest,
  ) {
    this.#request = request(`${url}${route}?${encodeQuery(query ?? {})}`, {
      method,
      agent,
      headers: {
        authorization: `Bearer ${token}`,
        ...(callId === undefined ? {} : { [callHeader]: callId }),
        ...(hasBody ? { expect: '100-continue' } : { 'content-length': 0 }),
      },
    })
    this.answered = new Promise((resolve, reject) => {
      this.#request.once('response', resolve)
      // It stays for the connection's life: what breaks after the answer shows in the answer's body.
      this.#request.on('error', (error) => reject(brokenConnection(error)))
      this.#request.once('close', () => reject(brokenConnection(new Error('closed without an answer'))))
    })
    this.answered.catch(() => undefined)
    this.#invited = new Promise((resolve) => this.#request.once('continue', resolve))
    if (hasBody) this.#request.flushHeaders()
    else this.#request.end()
  }

  /** Whether the agent wants the body, or has answered without it. */
  isInvited(): Promise<boolean> {
    const declined = this.answered.then(
      () => false,
      () => false,
    )
    return Promise.race([this.#invited.then(() => true), declined])
  }

  /** Resolves when `chunk`'s memory may be used again. An answer that comes before the body's end is for the caller to notice. */
  async write(chunk: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#request.write(chunk, (error) => {
        if (error) reject(brokenConnection(error))
        else resolve()
      })
    })
  }

  end(): void {
    this.#request.end()
  }

  hangUp(): void {
    this.#request.destroy()
  }

  /** Hangs up unless all of the body went out: the rest would be taken for the next request. */
  release(): void {
    if (!this.#request.writableEnded) this.hangUp()
  }
}

/** Unlike `URLSearchParams`, which writes a space as a plus sign. */
function encodeQuery(query: Readonly<Record<string, string | number>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}
