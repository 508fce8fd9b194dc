import { readFile } from 'node:fs/promises'

import { describe, expect, test } from 'vitest'

import type { BridgeEvent } from '../../../../docker/bridge/api/control.ts'
import { startControlServer } from '../../../../docker/bridge/lib/control-server.ts'
import { createEventHub } from '../../../../docker/bridge/lib/event-hub.ts'
import { streamEvents } from '../../../../docker/bridge/lib/event-stream.ts'
import { hasListener } from '../../../../docker/bridge/lib/listening.ts'
import { answerNothing } from '../../../../docker/bridge/lib/http-answers.ts'
import { bridgeVersion } from '../../../../docker/bridge/lib/version.ts'
import { BridgeError } from '../../../../docker/bridge/lib/bridge-error.ts'
import { identityBodySchema, nudgeSchema } from '../../../../docker/bridge/api/control.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { waitFor } from '../../../harness/wait-for.ts'
import { startAgentRig, token } from './agent-rig.ts'

const identity = { certificatePem: 'certificate', privateKeyPem: 'key', expiresAtMs: 5 }

describe('who may ask an agent', () => {
  test.each([
    ['nothing', ''],
    ['another token', `Bearer ${'cd'.repeat(32)}`],
    ['the token without its scheme', token],
    ['a token that only begins right', `Bearer ${token.slice(0, 32)}`],
    ['another scheme', `Basic ${token}`],
  ])('not whoever shows %s', async (_, authorization) => {
    await using agent = await startAgentRig({ mount: 'hang' })
    for (const path of ['/v1/health', '/v1/events', '/v1/anything']) {
      const response = await agent.request('GET', path, undefined, authorization)
      expect(response.status).toBe(401)
      expect(await response.json()).toEqual({ code: 'unauthorized', args: {} })
    }
  })

  test.each([
    ['GET', '/v1/nothing', undefined, 404, 'not-found'],
    ['DELETE', '/v1/health', undefined, 404, 'not-found'],
    ['POST', '/v1/nudge', { reason: 'boredom' }, 400, 'bad-request'],
    ['PUT', '/v1/identity', { certificatePem: '' }, 400, 'bad-request'],
    ['PUT', '/v1/identity', { ...identity, certificatePem: 'x'.repeat(1_000_000) }, 400, 'bad-request'],
    ['PUT', '/v1/identity', identity, 503, 'tunnel-exited'],
  ])('%s %s with %j is answered %i', async (method, path, body, status, code) => {
    await using agent = await startAgentRig({ mount: 'hang' })
    const response = await agent.request(method, path, body)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code })
  })
})

describe('the tunnel behind an agent', () => {
  async function startFakeTunnel() {
    const asked: object[] = []
    const hub = createEventHub()
    let refusal: BridgeError | undefined
    const present = (): readonly BridgeEvent[] => [{ type: 'tunnel', tunnel: { state: 'up', restarts: 3 } }]
    const server = await startControlServer({
      host: '127.0.0.1',
      port: 0,
      token,
      routes: {
        'GET /v1/events': ({ response }) => streamEvents(response, { hub, clock: new FakeClock(), present }),
        'PUT /v1/identity': async ({ response, readBody }) => {
          asked.push(await readBody(identityBodySchema))
          if (refusal !== undefined) throw refusal
          answerNothing(response)
        },
        'POST /v1/nudge': async ({ response, readBody }) => {
          asked.push(await readBody(nudgeSchema))
          answerNothing(response)
        },
      },
    })
    return {
      ...server,
      asked,
      hub,
      refuse: (error: BridgeError) => (refusal = error),
    }
  }

  test('shows in its health and events', async () => {
    await using tunnel = await startFakeTunnel()
    await using agent = await startAgentRig({ mount: 'hang', tunnelControlPort: tunnel.port })
    await waitFor(async () => (await agent.health()).tunnel.state === 'up', { what: 'the tunnel' })
    const down = { state: 'down', restarts: 3, error: { code: 'server-refused', args: {} } } as const
    tunnel.hub.publish({ type: 'tunnel', tunnel: down })
    tunnel.hub.publish({ type: 'log', level: 'info', source: 'tunnel', text: 'hello' })
    await waitFor(() => agent.events.some((event) => event.type === 'log'), { what: 'the log line' })
    const health = await agent.health()
    expect(health.tunnel).toEqual(down)
    expect(health.error?.code).toBe('server-refused')
    expect(agent.events).toContainEqual({ type: 'tunnel', tunnel: down })
  })

  test('is down when it hangs up', async () => {
    const tunnel = await startFakeTunnel()
    await using agent = await startAgentRig({ mount: 'hang', tunnelControlPort: tunnel.port })
    await waitFor(async () => (await agent.health()).tunnel.state === 'up', { what: 'the tunnel' })
    await tunnel[Symbol.asyncDispose]()
    await waitFor(async () => (await agent.health()).tunnel.state === 'down', { what: 'its end' })
    expect((await agent.health()).tunnel.error?.code).toBe('tunnel-exited')
  })

  test('gets a new identity; a mount that works is left alone', async () => {
    await using tunnel = await startFakeTunnel()
    await using agent = await startAgentRig({ tunnelControlPort: tunnel.port })
    await agent.untilState('ready')
    expect((await agent.request('PUT', '/v1/identity', identity)).status).toBe(204)
    expect(tunnel.asked).toEqual([identity])
  })

  test('gets a new identity and a restart when the mount does not work', async () => {
    await using tunnel = await startFakeTunnel()
    await using agent = await startAgentRig({
      mount: 'mount.nfs4: access denied by server while mounting 127.0.0.1:/',
      tunnelControlPort: tunnel.port,
    })
    await agent.untilState('failed')
    expect((await agent.request('PUT', '/v1/identity', identity)).status).toBe(204)
    await waitFor(() => tunnel.asked.length === 2, { what: 'the restart' })
    expect(tunnel.asked).toEqual([identity, { reason: 'stalled' }])
  })

  test('may refuse an identity in its own words', async () => {
    await using tunnel = await startFakeTunnel()
    tunnel.refuse(new BridgeError('tunnel-identity-unreadable', { words: 'no' }))
    await using agent = await startAgentRig({ mount: 'hang', tunnelControlPort: tunnel.port })
    const response = await agent.request('PUT', '/v1/identity', identity)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ code: 'tunnel-identity-unreadable', args: { words: 'no' } })
  })

  test('is restarted when the mount stays silent although it knows of no trouble', async () => {
    await using tunnel = await startFakeTunnel()
    await using agent = await startAgentRig({ tunnelControlPort: tunnel.port })
    await agent.untilState('ready')
    await agent.behave('probe', 'silent')
    await agent.clock.advance(10_000)
    await agent.untilState('stalled')
    expect(tunnel.asked).toEqual([])
    // Half a minute without a word from the tunnel would be trouble of its own.
    tunnel.hub.publish({ type: 'tunnel', tunnel: { state: 'up', restarts: 4 } })
    await waitFor(async () => (await agent.health()).tunnel.restarts === 4, { what: 'a sign of life' })
    await agent.clock.advance(20_000)
    await waitFor(() => tunnel.asked.length > 0, { what: 'the nudge' })
    expect(tunnel.asked).toEqual([{ reason: 'stalled' }])
  })

  test('is not there for a server of one’s own', async () => {
    await using agent = await startAgentRig({ start: { nfs: { host: 'nfs.test', port: 2049 } } })
    await agent.untilState('ready')
    expect((await agent.request('PUT', '/v1/identity', identity)).status).toBe(404)
    expect((await agent.calls())[0]).toMatch(/^mount\.nfs4 nfs\.test:\/ .*,port=2049,/)
  })
})

describe('the kernel’s table of sockets', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue
   0: 0100007F:500A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:1CE8 0100007F:D4F2 01 00000000:00000000 00:00000000 00000000     0        0 2 1
`
  test.each([
    [20_490, true],
    // A connection, not a listener.
    [7_400, false],
    [2_049, false],
    [0, false],
  ])('has a listener on port %i: %s', (port, expected) => {
    expect(hasListener(table, port)).toBe(expected)
  })
})

test('the version is that of package.json', async () => {
  const path = new URL('../../../../docker/bridge/package.json', import.meta.url)
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: bridgeVersion })
})
