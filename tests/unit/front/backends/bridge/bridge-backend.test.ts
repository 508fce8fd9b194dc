import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { bridgeErrorCodes } from '../../../../../docker/bridge/api/errors.ts'
import { attributesHeader, callHeader } from '../../../../../docker/bridge/api/files.ts'
import { BridgeAddresses } from '../../../../../src-main/front/backends/bridge/bridge-address.ts'
import {
  createBridgeBackend,
  type BridgeBackend,
} from '../../../../../src-main/front/backends/bridge/bridge-backend.ts'
import { parsePath } from '../../../../../src-main/front/vfs/path.ts'
import { AppError } from '../../../../../src-main/shared/errors.ts'
import { waitFor } from '../../../../harness/wait-for.ts'

const attributes = { kind: 'file', size: 10, modifiedMs: 5.5, createdMs: 4, fileId: 7 }
const call = { signal: new AbortController().signal }
const path = parsePath('/a file')

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** An agent of which a test scripts every answer. */
class ScriptedAgent implements AsyncDisposable {
  readonly requests: string[] = []
  readonly #server
  answer: Answer = (_request, response) => response.end()

  private constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(`${request.method} ${request.url}`)
      this.answer(request, response)
    })
  }

  static async start(): Promise<ScriptedAgent> {
    const agent = new ScriptedAgent()
    await new Promise<void>((resolve) => agent.#server.listen(0, '127.0.0.1', resolve))
    return agent
  }

  get address() {
    const { port } = this.#server.address() as AddressInfo
    return { url: `http://127.0.0.1:${port}`, token: 'a'.repeat(64) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

function refuse(response: ServerResponse, code: string): void {
  response.writeHead(409, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ code, args: {} }))
}

describe('a bridge as a backend', () => {
  let agent: ScriptedAgent
  let addresses: BridgeAddresses
  let backend: BridgeBackend
  beforeEach(async () => {
    agent = await ScriptedAgent.start()
    addresses = new BridgeAddresses()
    addresses.set(agent.address)
    backend = createBridgeBackend(addresses)
  })
  afterEach(async () => {
    backend[Symbol.dispose]()
    await agent[Symbol.asyncDispose]()
  })

  it('asks for a path byte for byte, with the agent’s token', async () => {
    let token: string | undefined
    agent.answer = (request, response) => {
      token = request.headers.authorization
      response.end(JSON.stringify(attributes))
    }
    expect(await backend.stat(parsePath('/ä b/+&%2F'), call)).toEqual(attributes)
    expect(agent.requests).toEqual(['GET /v1/attributes?path=%C3%A4%20b%2F%2B%26%252F'])
    expect(token).toBe(`Bearer ${'a'.repeat(64)}`)
  })

  it('waits for an address while there is none, and is called off in that time', async () => {
    addresses.set(undefined)
    agent.answer = (_request, response) => response.end(JSON.stringify(attributes))
    const abort = new AbortController()
    const calledOff = failureOf(backend.stat(path, abort))
    const waiting = backend.stat(path, call)
    abort.abort()
    expect((await calledOff).code).toBe('cancelled')
    expect(agent.requests).toEqual([])
    addresses.set(agent.address)
    expect(await waiting).toEqual(attributes)
  })

  it('drops what it waits for when the agent gives way to another', async () => {
    agent.answer = () => undefined
    const waiting = failureOf(backend.stat(path, call))
    await waitFor(() => agent.requests.length === 1, { what: 'the request' })
    addresses.set({ url: 'http://127.0.0.1:1', token: 'b' })
    expect((await waiting).code).toBe('stalled')
  })

  it.each(bridgeErrorCodes)('knows what the refusal %s means', async (code) => {
    agent.answer = (_request, response) => refuse(response, code)
    const failure = await failureOf(backend.stat(path, call))
    expect(failure.code).not.toBe('unexpected')
    expect(failure.args).toMatchObject({ path: '/a file' })
  })

  it('takes a silence of the bridge as a whole for something that passes', async () => {
    for (const code of ['access-denied', 'server-unreachable', 'mount-lost', 'unauthorized']) {
      agent.answer = (_request, response) => refuse(response, code)
      expect((await failureOf(backend.stat(path, call))).code).toBe('stalled')
    }
  })

  it.each<readonly [string, Answer]>([
    ['hangs up before the answer', (request) => void request.socket.destroy()],
    ['sends no JSON', (_request, response) => void response.end('<html>')],
    ['sends JSON of another kind', (_request, response) => void response.end('{"kind":"pipe"}')],
    ['sends no end to its answer', (_request, response) => void response.end('x'.repeat(100_000))],
    ['refuses in words of its own', (_request, response) => void response.writeHead(502).end('Bad Gateway')],
  ])('takes whoever %s for an agent that may come back', async (_name, answer) => {
    agent.answer = answer
    expect((await failureOf(backend.stat(path, call))).code).toBe('stalled')
  })

  it('takes a port where nobody listens for an agent that may come back', async () => {
    const { address } = agent
    await agent[Symbol.asyncDispose]()
    agent = await ScriptedAgent.start()
    addresses.set(address)
    expect((await failureOf(backend.stat(path, call))).code).toBe('stalled')
  })

  describe('listing', () => {
    const directory = { ...attributes, kind: 'directory', size: 0 }
    const lines = (...all: readonly unknown[]): string =>
      all.map((line) => `${JSON.stringify(line)}\n`).join('')

    it('unpacks entries', async () => {
      agent.answer = (_request, response) =>
        response.end(lines({ directory }, ['a', 'f', 1, 2.5, 3, 4], ['b', 'd', 0, 1, 1, 5], { end: 2 }))
      const listing = await backend.list(path, call)
      expect(listing.directory).toEqual(directory)
      expect(Object.fromEntries(listing.entries)).toEqual({
        a: { kind: 'file', size: 1, modifiedMs: 2.5, createdMs: 3, fileId: 4 },
        b: { kind: 'directory', size: 0, modifiedMs: 1, createdMs: 1, fileId: 5 },
      })
    })

    it.each([
      ['without its end', lines({ directory }, ['a', 'f', 1, 2, 3, 4]), 'stalled'],
      ['with fewer entries than it had', lines({ directory }, { end: 1 }), 'stalled'],
      ['without itself', lines(['a', 'f', 1, 2, 3, 4], { end: 1 }), 'stalled'],
      ['cut within a line', `${lines({ directory })}["a","f"`, 'stalled'],
      ['with an entry of another kind', lines({ directory }, ['a', 'f', 'much'], { end: 1 }), 'stalled'],
      ['that fails on the way', lines({ directory }, { error: { code: 'not-found' } }), 'not-found'],
    ])('is refused %s, because missing files would count as deleted', async (_name, text, code) => {
      agent.answer = (_request, response) => response.end(text)
      expect((await failureOf(backend.list(path, call))).code).toBe(code)
    })
  })

  describe('reading', () => {
    const head = { 'content-length': 10, [attributesHeader]: JSON.stringify(attributes) }

    it('tells a body that is cut off from one that ended', async () => {
      agent.answer = (request, response) => {
        response.writeHead(200, head)
        response.write('01234', () => request.socket.destroy())
      }
      const opened = await backend.read(path, undefined, call)
      expect(opened.length).toBe(10)
      let received = ''
      const failure = await failureOf(
        (async () => {
          for await (const chunk of opened.body) received += Buffer.from(chunk).toString()
        })(),
      )
      expect({ received, code: failure.code }).toEqual({ received: '01234', code: 'stalled' })
    })

    it('hangs up on a file that is given back, so that the agent stops reading it', async () => {
      let isOver = false
      agent.answer = (_request, response) => {
        response.once('close', () => (isOver = true))
        response.writeHead(200, head).write('0')
      }
      const opened = await backend.read(path, undefined, call)
      await opened.close()
      await waitFor(() => isOver, { what: 'the agent to notice' })
    })

    it('refuses content of which nobody says what it is', async () => {
      agent.answer = (_request, response) => response.end('0123456789')
      expect((await failureOf(backend.read(path, undefined, call))).code).toBe('stalled')
    })
  })

  describe('a change that is called off', () => {
    it('asks the agent to stop, and takes its last word for it: done', async () => {
      const abort = new AbortController()
      let finish: (() => void) | undefined
      let callId: unknown
      agent.answer = (request, response) => {
        if (request.url?.startsWith('/v1/cancel') === true) {
          expect(request.url).toBe(`/v1/cancel?call=${String(callId)}`)
          response.writeHead(204).end()
          finish?.()
          return
        }
        callId = request.headers[callHeader]
        finish = () => response.writeHead(201).end(JSON.stringify(attributes))
        abort.abort()
      }
      expect(await backend.makeDirectory(path, abort)).toEqual(attributes)
    })

    it('asks the agent to stop, and takes its last word for it: cancelled', async () => {
      const abort = new AbortController()
      let stop: (() => void) | undefined
      agent.answer = (request, response) => {
        if (request.url?.startsWith('/v1/cancel') === true) {
          response.writeHead(204).end()
          stop?.()
          return
        }
        stop = () => refuse(response, 'cancelled')
        abort.abort()
      }
      expect((await failureOf(backend.makeDirectory(path, abort))).code).toBe('cancelled')
    })

    it('is cancelled for its caller when the agent has gone meanwhile', async () => {
      const abort = new AbortController()
      agent.answer = (request) => {
        if (request.url?.startsWith('/v1/cancel') === true) request.socket.destroy()
        else abort.abort()
      }
      expect((await failureOf(backend.makeDirectory(path, abort))).code).toBe('cancelled')
    })
  })

  it('stops sending a body that the agent refuses half way', async () => {
    let isReturned = false
    async function* body() {
      try {
        for (;;) yield await Promise.resolve(new Uint8Array(65_536))
      } finally {
        isReturned = true
      }
    }
    agent.answer = (request, response) => {
      request.once('data', () => refuse(response, 'no-space'))
    }
    expect((await failureOf(backend.write(path, body(), call))).code).toBe('no-space')
    await waitFor(() => isReturned, { what: 'the end of the body' })
  })

  it('passes on what breaks a body, once the agent has dropped what it had of it', async () => {
    const broken = new AppError('body-incomplete', {})
    async function* body() {
      yield await Promise.resolve(new Uint8Array(1_000))
      throw broken
    }
    let stop: (() => void) | undefined
    agent.answer = (request, response) => {
      if (request.url?.startsWith('/v1/cancel') === true) {
        response.writeHead(204).end()
        stop?.()
        return
      }
      request.resume()
      stop = () => refuse(response, 'cancelled')
    }
    expect(await failureOf(backend.write(path, body(), call))).toBe(broken)
    expect(agent.requests).toEqual([
      'PUT /v1/content?path=a%20file',
      expect.stringMatching(/^POST \/v1\/cancel\?call=/),
    ])
  })
})
