import { once } from 'node:events'
import { createServer } from 'node:net'

import { expect, test } from 'vitest'

import { needs } from '../../../harness/needs.ts'
import { waitFor } from '../../../harness/wait-for.ts'
import { fakeEfsProxy, startTunnelRig } from './tunnel-rig.ts'

needs('linux')('a tunnel and its supervisor', () => {
  test('comes up, and says when its identity expires', async () => {
    await using tunnel = await startTunnelRig()
    const health = await tunnel.until('the tunnel', ({ state }) => state === 'up')
    expect(health).toEqual({ state: 'up', restarts: 0, identityExpiresAtMs: 1_000 })
    expect(await tunnel.notes()).toEqual(['started first'])
  })

  test('tells why the server is not reached, and when it is again', async () => {
    await using tunnel = await startTunnelRig()
    await tunnel.until('the tunnel', ({ state }) => state === 'up')
    await tunnel.say('fail')
    const { error } = await tunnel.until('trouble', ({ state }) => state === 'down')
    expect(error?.code).toBe('server-refused')
    await tunnel.say('work')
    await tunnel.until('recovery', (health) => health.state === 'up' && health.error === undefined)
  })

  test('passes on what the program says, less what it says all the time', async () => {
    await using tunnel = await startTunnelRig()
    await tunnel.until('the tunnel', ({ state }) => state === 'up')
    await tunnel.say('work')
    await tunnel.say('hello')
    await waitFor(() => tunnel.events.some((event) => event.type === 'log'), { what: 'a log line' })
    expect(tunnel.events.filter((event) => event.type === 'log')).toEqual([
      {
        type: 'log',
        level: 'info',
        source: 'tunnel',
        text: '2026-01-01T00:00:00.000Z 1 INFO fake heard hello',
      },
    ])
  })

  test('is started again when its program ends', async () => {
    await using tunnel = await startTunnelRig()
    await tunnel.until('the tunnel', ({ state }) => state === 'up')
    await tunnel.say('exit')
    await tunnel.until('the next one', ({ state, restarts }) => state === 'up' && restarts === 1)
    expect(await tunnel.notes()).toEqual(['started first', 'started first'])
  })

  test('is restarted on a nudge', async () => {
    await using tunnel = await startTunnelRig()
    await tunnel.until('the tunnel', ({ state }) => state === 'up')
    expect((await tunnel.request('POST', '/v1/nudge', { reason: 'wake' })).status).toBe(204)
    await tunnel.until('the next one', ({ state, restarts }) => state === 'up' && restarts === 1)
    expect(await tunnel.notes()).toEqual(['started first', 'SIGTERM', 'started first'])
  })

  test('is restarted on a nudge even if its program will not end', async () => {
    await using tunnel = await startTunnelRig({ fileSystemId: 'fs-stubborn' })
    await tunnel.until('the tunnel', ({ state }) => state === 'up')
    await tunnel.request('POST', '/v1/nudge', { reason: 'network' })
    await tunnel.until('the next one', ({ state, restarts }) => state === 'up' && restarts === 1)
    expect(await tunnel.notes()).toEqual(['started first', 'SIGTERM', 'started first'])
  })

  test('reads a new identity without being restarted', async () => {
    await using tunnel = await startTunnelRig()
    await tunnel.until('the tunnel', ({ state }) => state === 'up')
    const identity = { certificatePem: 'second', privateKeyPem: 'key', expiresAtMs: 2_000 }
    expect((await tunnel.request('PUT', '/v1/identity', identity)).status).toBe(204)
    await tunnel.until('its expiry', ({ identityExpiresAtMs }) => identityExpiresAtMs === 2_000)
    await waitFor(async () => (await tunnel.notes()).length === 2, { what: 'the reload' })
    expect(await tunnel.notes()).toEqual(['started first', 'reloaded second'])
  })

  test('goes on trying when its program dies at once, and says why it died', async () => {
    await using tunnel = await startTunnelRig({ fileSystemId: 'fs-dies' })
    const { error } = await tunnel.until(
      'restarts',
      ({ state, restarts }) => state === 'down' && restarts >= 2,
    )
    expect(error?.code).toBe('tunnel-port-taken')
  })

  test('says when its program is not there', async () => {
    await using tunnel = await startTunnelRig({}, { ...fakeEfsProxy, program: 'no-such-tunnel' })
    const { error } = await tunnel.until('the failure', ({ state }) => state === 'down')
    expect(error).toEqual({ code: 'tunnel-missing', args: {} })
  })

  test('takes its program along when it ends', async () => {
    await using tunnel = await startTunnelRig()
    await tunnel.until('the tunnel', ({ state }) => state === 'up')
    tunnel.end()
    expect(await tunnel.exitCode).toBe(0)
    expect(await tunnel.notes()).toEqual(['started first', 'SIGTERM'])
    await expect(tunnel.say('hello')).rejects.toThrow('ECONNREFUSED')
  })

  test('that is asked to end together with its agent is there until the agent has unmounted', async () => {
    await using tunnel = await startTunnelRig()
    await tunnel.until('the tunnel', ({ state }) => state === 'up')
    const agent = createServer().listen(tunnel.agentPort, '127.0.0.1')
    await once(agent, 'listening')
    tunnel.end()
    // Far more than a program needs to end.
    for (let call = 0; call < 300; call += 1) await tunnel.say('hello')
    agent.close()
    expect(await tunnel.exitCode).toBe(0)
    await expect(tunnel.say('hello')).rejects.toThrow('ECONNREFUSED')
  })

  test.each([
    ['GET', '/v1/events', 'cd'.repeat(32), 401, 'unauthorized'],
    ['GET', '/v1/health', undefined, 404, 'not-found'],
    ['POST', '/v1/nudge', undefined, 400, 'bad-request'],
  ])('refuses %s %s with the token %s: %i', async (method, path, bearer, status, code) => {
    await using tunnel = await startTunnelRig()
    const response = await tunnel.request(method, path, method === 'POST' ? {} : undefined, bearer)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code })
  })
})
