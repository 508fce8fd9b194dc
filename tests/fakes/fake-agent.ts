import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { AgentState, BridgeEvent, Health } from '../../docker/bridge/api/control.ts'
import type { BridgeErrorBody } from '../../docker/bridge/api/errors.ts'
import type { Clock } from '../../src-main/lib/clock.ts'

export interface AgentMood {
  readonly state: AgentState
  readonly error?: BridgeErrorBody
}

/** What it answers with while nobody says otherwise. */
const tunnelUp: Health['tunnel'] = { state: 'up', restarts: 0 }

/** An agent's control service without an agent, over real HTTP. */
export class FakeAgent {
  readonly token: string
  /** Bodies of what it was sent, in order. */
  readonly identities: unknown[] = []
  readonly nudges: unknown[] = []
  /** Added to its clock. */
  skewMs = 0
  tunnel = tunnelUp
  /** Accepts connections and answers nothing. */
  isMute = false
  readonly #clock: Clock
  readonly #server: Server
  readonly #listeners = new Set<ServerResponse>()
  #mood: AgentMood

  constructor(token: string, mood: AgentMood, clock: Clock) {
    this.token = token
    this.#mood = mood
    this.#clock = clock
    this.#server = createServer((request, response) => {
      // Whoever asks may be gone before its body has come.
      this.#answer(request, response).catch(() => response.destroy())
    })
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  become(state: AgentState, error?: BridgeErrorBody): void {
    this.#mood = error === undefined ? { state } : { state, error }
    this.say({ type: 'state', ...this.#mood })
  }

  say(event: BridgeEvent): void {
    for (const response of this.#listeners) response.write(`${JSON.stringify(event)}\n`)
  }

  /** Hangs up on those who listen. */
  hangUp(): void {
    for (const response of this.#listeners) response.end()
    this.#listeners.clear()
  }

  get listenerCount(): number {
    return this.#listeners.size
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isMute) return
    const what = `${request.method ?? ''} ${request.url ?? ''}`
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      response.writeHead(401).end(JSON.stringify({ code: 'unauthorized' }))
    } else if (what === 'GET /v1/health') {
      response.end(JSON.stringify(this.#health()))
    } else if (what === 'GET /v1/events') {
      this.#listen(response)
    } else {
      const body = await bodyOf(request)
      if (what === 'PUT /v1/identity') this.identities.push(body)
      if (what === 'POST /v1/nudge') this.nudges.push(body)
      response.writeHead(204).end()
    }
  }

  #listen(response: ServerResponse): void {
    this.#listeners.add(response)
    response.once('close', () => this.#listeners.delete(response))
    response.write(`${JSON.stringify({ type: 'state', ...this.#mood } satisfies BridgeEvent)}\n`)
  }

  #health(): Health {
    return {
      apiVersion: 1,
      ...this.#mood,
      sinceMs: 0,
      clockMs: this.#clock.now() + this.skewMs,
      tunnel: this.tunnel,
      mount: {},
      files: { restarts: 0 },
      versions: { agent: '0', node: '0', kernel: '0' },
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return JSON.parse(Buffer.concat(parts).toString()) as unknown
}
