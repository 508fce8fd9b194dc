import { Readable } from 'node:stream'

import { z } from 'zod'

import { bridgeEventSchema, controlRoutes, type BridgeEvent, type Nudge } from '../../api/control.ts'
import { bridgeErrorSchema } from '../../api/errors.ts'
import type { TunnelIdentity } from '../../api/start.ts'
import { backoffDelayMs, type Backoff } from '../../lib/backoff.ts'
import { isAborted } from '../../lib/aborted.ts'
import { BridgeError } from '../../lib/bridge-error.ts'
import type { Clock } from '../../lib/clock.ts'
import { eachLine } from '../../lib/lines.ts'

export type TunnelClientEvent = Extract<BridgeEvent, { type: 'tunnel' | 'log' }>

/** The tunnel's supervisor, as seen from the agent. */
export interface TunnelClient extends Disposable {
  /** Resolves when the tunnel uses it for its next connection. @throws BridgeError */
  putIdentity(identity: TunnelIdentity): Promise<void>
  /** Has the tunnel restarted. @throws BridgeError */
  nudge(nudge: Nudge): Promise<void>
}

export interface TunnelClientOptions {
  readonly port: number
  readonly token: string
  readonly clock: Clock
  readonly onEvent: (event: TunnelClientEvent) => void
  /** The stream of events broke off, or was never there. */
  readonly onLost: () => void
}

const reconnectBackoff: Backoff = { firstMs: 100, maxMs: 2_000 }
const requestLimitMs = 10_000

/** The supervisor says `alive` every ten seconds. */
const silenceLimitMs = 30_000

/** Follows the supervisor's events, again and again until it is disposed, and passes on what it is asked. */
export function connectTunnel({ port, token, clock, onEvent, onLost }: TunnelClientOptions): TunnelClient {
  const end = new AbortController()
  const baseUrl = `http://127.0.0.1:${port}`
  const headers = { authorization: `Bearer ${token}` }

  const follow = async (): Promise<void> => {
    for (let attempt = 0; !isAborted(end.signal); attempt += 1) {
      if (await followOnce()) attempt = 0
      if (isAborted(end.signal)) return
      onLost()
      await clock.sleep(backoffDelayMs(attempt, reconnectBackoff), end.signal).catch(() => undefined)
    }
  }

  /** Whether there was a stream at all. */
  const followOnce = async (): Promise<boolean> => {
    const silence = new AbortController()
    let timer = clock.setTimeout(() => silence.abort(), silenceLimitMs)
    try {
      const response = await fetch(`${baseUrl}${controlRoutes.events}`, {
        headers,
        signal: AbortSignal.any([silence.signal, end.signal]),
      })
      if (!response.ok || response.body === null) return false
      const lines = Readable.fromWeb(response.body)
      eachLine(lines, (line) => {
        timer[Symbol.dispose]()
        timer = clock.setTimeout(() => silence.abort(), silenceLimitMs)
        const event = parseEvent(line)
        if (event?.type === 'tunnel' || event?.type === 'log') onEvent(event)
      })
      await new Promise<void>((resolve) => lines.once('close', resolve))
      return true
    } catch {
      return false
    } finally {
      timer[Symbol.dispose]()
    }
  }

  const send = async (method: 'PUT' | 'POST', path: string, body: object): Promise<void> => {
    const limit = new AbortController()
    using _timer = clock.setTimeout(() => limit.abort(), requestLimitMs)
    let response: Response
    let text: string
    try {
      const signal = AbortSignal.any([limit.signal, end.signal])
      response = await fetch(`${baseUrl}${path}`, { method, headers, body: JSON.stringify(body), signal })
      text = await response.text()
    } catch (cause) {
      throw new BridgeError('tunnel-exited', {}, { cause })
    }
    if (!response.ok) throw errorIn(text)
  }

  void follow()
  return {
    putIdentity: (identity) => send('PUT', controlRoutes.identity, identity),
    nudge: (nudge) => send('POST', controlRoutes.nudge, nudge),
    [Symbol.dispose]: () => end.abort(),
  }
}

function parseEvent(line: string): BridgeEvent | undefined {
  const parsed = z.string().transform(parseJson).pipe(bridgeEventSchema).safeParse(line)
  return parsed.success ? parsed.data : undefined
}

function errorIn(text: string): BridgeError {
  const parsed = bridgeErrorSchema.safeParse(parseJson(text))
  return parsed.success
    ? new BridgeError(parsed.data.code, parsed.data.args)
    : new BridgeError('tunnel-exited')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
