import { randomUUID } from 'node:crypto'
import { Agent, type IncomingMessage } from 'node:http'

import { fileRoutes } from '../../../../docker/bridge/api/files.ts'
import type { Clock } from '../../../lib/clock.ts'
import { isAppError } from '../../../shared/errors.ts'
import type { BridgeAddress } from '../../../shared/front-protocol.ts'
import { cancelled, throwIfAborted } from '../../files/abort.ts'
import { readJson } from './answer.ts'
import type { BridgeAddresses } from './bridge-address.ts'
import { BridgeCall, type BridgeRequest } from './bridge-call.ts'
import { refusalFrom } from './bridge-failure.ts'

/** As many as a front can have use for: its requests, the probe, deliveries. More wait here, where they can be called off. */
const maxConnections = 64
/** A cancelled change answers as soon as the system call under way is over. On a mount that hangs, nobody waits for that. */
const lastWordMs = 2_000

/** What is said and heard in one exchange. `path` is what a refusal is about. */
export interface Exchange<T> {
  readonly request: Omit<BridgeRequest, 'callId' | 'hasBody'>
  readonly path: string
  readonly signal: AbortSignal
  /** Writes the body; what it throws calls the change off, and is thrown. */
  readonly send?: (call: BridgeCall) => Promise<void>
  readonly read: (answer: IncomingMessage) => Promise<T> | T
}

/** Connections to whichever agent a drive has at the moment. */
export class BridgeClient implements Disposable {
  readonly #addresses: BridgeAddresses
  readonly #clock: Clock
  readonly #following: Disposable
  #agent = newAgent()

  constructor(addresses: BridgeAddresses, clock: Clock) {
    this.#addresses = addresses
    this.#clock = clock
    // An agent that is gone may leave connections that nobody will ever answer: a port forwarder holds them open.
    this.#following = addresses.onChange(() => {
      this.#agent.destroy()
      this.#agent = newAgent()
    })
  }

  /**
   * For what changes nothing: an abort hangs up, until `read` has resolved.
   * @throws AppError the refusal, `stalled`, `cancelled`.
   */
  async ask<T>({ request, path, signal, read }: Exchange<T>): Promise<T> {
    throwIfAborted(signal)
    const call = new BridgeCall(await this.#addresses.current(signal), this.#agent, request)
    const hangUp = (): void => call.hangUp()
    signal.addEventListener('abort', hangUp, { once: true })
    try {
      return await read(await accepted(call, path))
    } catch (error) {
      throw signal.aborted ? cancelled(signal) : error
    } finally {
      signal.removeEventListener('abort', hangUp)
    }
  }

  /**
   * For what changes the tree: an abort asks the agent to stop, and its last word decides between done and `cancelled`.
   * @throws AppError the refusal, `stalled`, `cancelled`; what `send` throws.
   */
  async change<T>(exchange: Exchange<T>): Promise<T> {
    const { request, signal, send } = exchange
    throwIfAborted(signal)
    const address = await this.#addresses.current(signal)
    const callId = randomUUID()
    const call = new BridgeCall(address, this.#agent, { ...request, callId, hasBody: send !== undefined })
    const over = Promise.withResolvers<undefined>()
    const callOff = (): void => void this.#callOff(address, call, callId, over.promise)
    signal.addEventListener('abort', callOff, { once: true })
    try {
      return await converse(call, exchange, callOff)
    } catch (error) {
      throw signal.aborted && isAppError(error, 'stalled') ? cancelled(signal) : error
    } finally {
      signal.removeEventListener('abort', callOff)
      over.resolve(undefined)
      call.release()
    }
  }

  [Symbol.dispose](): void {
    this.#following[Symbol.dispose]()
    this.#agent.destroy()
  }

  async #callOff(
    address: BridgeAddress,
    call: BridgeCall,
    callId: string,
    over: Promise<unknown>,
  ): Promise<void> {
    using _patience = this.#clock.setTimeout(() => call.hangUp(), lastWordMs)
    const query = { call: callId }
    const cancelling = new BridgeCall(address, this.#agent, {
      method: 'POST',
      route: fileRoutes.cancel,
      query,
    })
    cancelling.answered.then(
      (answer) => answer.resume(),
      () => call.hangUp(),
    )
    await over
  }
}

function newAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections })
}

async function converse<T>(
  call: BridgeCall,
  { path, signal, send, read }: Exchange<T>,
  callOff: () => void,
): Promise<T> {
  try {
    await send?.(call)
  } catch (error) {
    if (!signal.aborted) callOff()
    await call.answered.catch(() => undefined)
    throw error
  }
  return await read(await accepted(call, path))
}

/** The answer, unless it is a refusal. */
async function accepted(call: BridgeCall, path: string): Promise<IncomingMessage> {
  const answer = await call.answered
  const { statusCode = 0 } = answer
  if (statusCode >= 200 && statusCode < 300) return answer
  throw refusalFrom(await readJson(answer).catch(() => undefined), path, statusCode)
}
