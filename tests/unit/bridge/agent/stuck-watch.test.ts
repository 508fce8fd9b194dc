import { createServer, type RequestListener, type Server } from 'node:http'

import { afterEach, describe, expect, test } from 'vitest'

import { StuckWatch } from '../../../../docker/bridge/agent/files-process/stuck-watch.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { freePort } from '../../../harness/nfs/free-port.ts'
import { waitFor } from '../../../harness/wait-for.ts'

describe('a file service that may be stuck', () => {
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
    server = undefined
  })

  async function serve(listener: RequestListener): Promise<number> {
    server = createServer(listener)
    const port = await freePort()
    await new Promise<void>((resolve) => server!.listen(port, '127.0.0.1', resolve))
    return port
  }

  /** How often it was called stuck after so many questions, each with the time that it may take. */
  async function watch(
    port: number,
    questions: number,
    mountAnswers: boolean,
    asked: () => number,
  ): Promise<number> {
    const clock = new FakeClock()
    let stuck = 0
    using _watch = new StuckWatch({
      port,
      token: 'secret',
      clock,
      mountAnswers: () => mountAnswers,
      onStuck: () => (stuck += 1),
    })
    for (let question = 1; question <= questions; question += 1) {
      await clock.advance(20_000)
      await waitFor(() => asked() >= question, { what: `question ${question}` })
      await clock.advance(20_000)
    }
    return stuck
  }

  test.each([
    ['is called stuck after the third question without an answer', true, 3, 1],
    ['is not called stuck before', true, 2, 0],
    ['is not to blame while the mount is silent', false, 4, 0],
  ])('%s', async (_, mountAnswers, questions, expected) => {
    let asked = 0
    const port = await serve(() => (asked += 1))
    expect(await watch(port, questions, mountAnswers, () => asked)).toBe(expected)
  })

  test('is fine when it answers, even with a failure', async () => {
    const seen: unknown[] = []
    const port = await serve((request, response) => {
      seen.push([request.url, request.headers.authorization])
      response.writeHead(503).end()
    })
    expect(await watch(port, 3, true, () => seen.length)).toBe(0)
    expect(seen[0]).toEqual(['/v1/space', 'Bearer secret'])
  })

  test('is not stuck when it is not there: it is being started', async () => {
    const clock = new FakeClock()
    let stuck = 0
    using _watch = new StuckWatch({
      port: await freePort(),
      token: 'secret',
      clock,
      mountAnswers: () => true,
      onStuck: () => (stuck += 1),
    })
    // Each refusal is followed by the next pause.
    for (let question = 0; question < 4; question += 1) {
      await waitFor(() => clock.pendingCount > 0, { what: 'the pause' })
      await clock.advance(20_000)
    }
    expect(stuck).toBe(0)
  })
})
