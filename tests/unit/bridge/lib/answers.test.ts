import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { BridgeError } from '../../../../docker/bridge/lib/bridge-error.ts'
import { answerError, answerJson } from '../../../../docker/bridge/lib/http-answers.ts'
import { readJsonBody } from '../../../../docker/bridge/lib/json-body.ts'
import { NdjsonWriter } from '../../../../docker/bridge/lib/ndjson-writer.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

async function serve(handle: Handle): Promise<{ readonly url: string } & Disposable> {
  const server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.dispose]: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

describe('answers', () => {
  it('carry an error as code and args, with the status of the code, and never its cause', async () => {
    using server = await serve((_request, response) =>
      answerError(response, new BridgeError('no-space', { path: 'ä' }, { cause: new Error('hidden') })),
    )
    const response = await fetch(server.url)
    expect(response.status).toBe(507)
    expect(await response.json()).toEqual({ code: 'no-space', args: { path: 'ä' } })
  })

  it('call what nobody expected backend-failed', async () => {
    using server = await serve((_request, response) => answerError(response, new TypeError('hidden')))
    const response = await fetch(server.url)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ code: 'backend-failed', args: {} })
  })

  it('that have begun are cut off', async () => {
    using server = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': 10 })
      response.write('half')
      answerError(response, new BridgeError('stalled'))
    })
    await expect(fetch(server.url).then((response) => response.text())).rejects.toThrow()
  })
})

describe('a JSON body', () => {
  const schema = z.object({ key: z.string() })
  const echo: Handle = async (request, response) => {
    try {
      answerJson(response, 200, await readJsonBody(request, schema))
    } catch (error) {
      answerError(response, error)
    }
  }

  it.each([
    ['{"key":"välue"}', 200],
    ['{"key":1}', 400],
    ['secret', 400],
    [`{"key":"${'x'.repeat(300_000)}"}`, 400],
  ])('%.20s is answered with %i', async (body, status) => {
    using server = await serve(echo)
    const response = await fetch(server.url, { method: 'PUT', body })
    expect(response.status).toBe(status)
    const text = await response.text()
    if (status === 200) expect(JSON.parse(text)).toEqual(JSON.parse(body))
    else expect(text).not.toContain('secret')
  })
})

describe('an NDJSON answer', () => {
  it('begins with its first line, and ends with an error where there is one', async () => {
    using server = await serve(async (_request, response) => {
      const writer = new NdjsonWriter(response)
      expect(writer.hasBegun).toBe(false)
      await writer.write({ a: 1 }, ['b\n'])
      expect(writer.hasBegun).toBe(true)
      writer.fail(new BridgeError('stalled'))
    })
    const response = await fetch(server.url)
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    expect(await response.text()).toBe('{"a":1}\n["b\\n"]\n{"error":{"code":"stalled","args":{}}}\n')
  })

  it('waits for a client that is slow, and ends with cancelled when it hangs up', async () => {
    const outcome = Promise.withResolvers<unknown>()
    let wasInNeed = false
    using server = await serve(async (_request, response) => {
      const writer = new NdjsonWriter(response)
      try {
        for (;;) {
          wasInNeed ||= response.writableNeedDrain
          await writer.write('x'.repeat(1_000_000))
        }
      } catch (error) {
        outcome.resolve(error)
      }
    })
    const asking = request(server.url).end()
    const [answer] = (await once(asking, 'response')) as [IncomingMessage]
    answer.pause()
    asking.on('error', () => undefined)
    answer.on('error', () => undefined)
    answer.destroy()
    expect(await outcome.promise).toMatchObject({ code: 'cancelled' })
    expect(wasInNeed).toBe(false)
  })
})
