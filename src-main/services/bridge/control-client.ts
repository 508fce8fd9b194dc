import { Readable } from 'node:stream'

import {
  bridgeEventSchema,
  controlRoutes,
  healthSchema,
  type BridgeEvent,
  type Health,
  type Nudge,
} from '../../../docker/bridge/api/control.ts'
import { bridgeErrorSchema } from '../../../docker/bridge/api/errors.ts'
import type { TunnelIdentity } from '../../../docker/bridge/api/start.ts'
import { readNdjson } from '../../lib/ndjson.ts'
import { AppError } from '../../shared/errors.ts'
import { appErrorOf } from './bridge-errors.ts'

/** An agent answers within a second whatever its mount does; more is room for a busy machine. */
const answerTimeoutMs = 5_000
const maxLineBytes = 1024 * 1024

/** All reject with what the agent says (`appErrorOf`), or with `bridge-timeout` when it does not answer. */
export interface ControlClient {
  health(signal: AbortSignal): Promise<Health>
  /** Begins with the present state. Ends when the agent hangs up; rejects when the connection breaks or `signal` is aborted. */
  events(signal: AbortSignal): AsyncIterable<BridgeEvent>
  putIdentity(identity: TunnelIdentity, signal: AbortSignal): Promise<void>
  nudge(reason: Nudge['reason'], signal: AbortSignal): Promise<void>
}

/** The control service of the agent at `controlUrl`. */
export function createControlClient(controlUrl: string, token: string): ControlClient {
  const ask = async (path: string, init: RequestInit, signal: AbortSignal): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    let response: Response
    try {
      response = await fetch(new URL(path, controlUrl), { ...init, headers, signal })
    } catch (cause) {
      throw new AppError('bridge-timeout', { timeoutMs: answerTimeoutMs }, { cause })
    }
    if (!response.ok) throw await refusalOf(response)
    return response
  }
  const send = async (method: string, path: string, body: unknown, signal: AbortSignal): Promise<void> => {
    const response = await ask(path, { method, body: JSON.stringify(body) }, limited(signal))
    await response.body?.cancel()
  }
  return {
    health: async (signal) => {
      const response = await ask(controlRoutes.health, {}, limited(signal))
      return healthSchema.parse(await response.json())
    },
    events: async function* (signal) {
      const { body } = await ask(controlRoutes.events, {}, signal)
      // An agent of a newer image may say what this one does not know: that line is not for us.
      const options = { maxLineBytes, onInvalid: () => undefined }
      if (body !== null) yield* readNdjson(Readable.from(body), bridgeEventSchema, options)
    },
    putIdentity: (identity, signal) => send('PUT', controlRoutes.identity, identity, signal),
    nudge: (reason, signal) => send('POST', controlRoutes.nudge, { reason } satisfies Nudge, signal),
  }
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)])
}

async function refusalOf(response: Response): Promise<AppError> {
  const body = bridgeErrorSchema.safeParse(await response.json().catch(() => undefined))
  if (body.success) return appErrorOf(body.data)
  return new AppError('message-invalid', { reason: `the agent answered with status ${response.status}` })
}
