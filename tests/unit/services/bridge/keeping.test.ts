import { describe, expect, test } from 'vitest'

import { AppError } from '../../../../src-main/shared/errors.ts'
import type { FakeAgent } from '../../../fakes/fake-agent.ts'
import type { FakeClock } from '../../../fakes/fake-clock.ts'
import type { FakeEngine } from '../../../fakes/fake-engine.ts'
import { waitFor } from '../../../harness/wait-for.ts'
import { hourMs, never, openBridge } from './open-bridge.ts'

describe('while a bridge is kept', () => {
  test('its state follows the agent’s, with what is in the way', async () => {
    await using open = openBridge()
    const { bridge, engine, states } = open
    await bridge.start(never)
    const agent = await agentOf(engine)
    states.length = 0
    agent.become('stalled')
    agent.become('connecting', { code: 'server-closed', args: {} })
    agent.become('ready')
    await waitFor(() => states.at(-1) === 'ready', { what: 'the last state' })
    expect(states).toEqual(['stalled', 'connecting', 'ready'])
  })

  test('probes and log lines are passed on', async () => {
    await using open = openBridge()
    const { bridge, engine } = open
    const heard: unknown[] = []
    bridge.probed.on((latency) => heard.push(latency))
    bridge.logged.on((line) => heard.push(line))
    await bridge.start(never)
    const agent = await agentOf(engine)
    agent.say({ type: 'latency', atMs: 5, roundTripMs: 12.5 })
    agent.say({ type: 'log', level: 'warn', source: 'tunnel', text: 'slow' })
    await waitFor(() => heard.length === 2, { what: 'both' })
    expect(heard).toEqual([
      { atMs: 5, roundTripMs: 12.5 },
      { level: 'warn', source: 'tunnel', text: 'slow' },
    ])
  })

  test('a broken connection to the agent is made again, and costs nothing', async () => {
    await using open = openBridge()
    const { bridge, engine, clock, states } = open
    await bridge.start(never)
    const agent = await agentOf(engine)
    agent.hangUp()
    await advanceUntil(clock, () => agent.listenerCount === 1)
    expect(states.at(-1)).toBe('ready')
    expect(engine.one('agent').agent).toBe(agent)
  })

  test('an agent that says nothing for a minute is replaced', async () => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    const before = await bridge.start(never)
    const agent = await agentOf(engine)
    agent.isMute = true
    agent.close()
    await advanceUntil(clock, () => bridge.address() !== undefined && bridge.address() !== before)
    expect(bridge.state()).toEqual({ kind: 'ready' })
    expect(engine.containers.size).toBe(2)
  })

  test('an agent whose mount keeps it from ending has its tunnel until it has ended', async () => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    const before = await bridge.start(never)
    const [agent, tunnel] = [engine.one('agent'), engine.one('tunnel')]
    agent.isStuck = true
    agent.agent!.isMute = true
    agent.agent!.close()
    await advanceUntil(clock, () => bridge.address() !== undefined && bridge.address() !== before)
    expect(engine.running('agent')).toContain(agent)
    expect(engine.running('tunnel')).toContain(tunnel)
    engine.end(agent.id, 137)
    await waitFor(() => engine.containers.size === 2, { what: 'both to be removed' })
    expect(engine.containers.has(agent.id)).toBe(false)
    expect(engine.containers.has(tunnel.id)).toBe(false)
    expect(bridge.state()).toEqual({ kind: 'ready' })
  })

  test('stopping does not wait for an agent that does not end', async () => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    const before = await bridge.start(never)
    const agent = engine.one('agent')
    agent.isStuck = true
    agent.agent!.isMute = true
    agent.agent!.close()
    await advanceUntil(clock, () => bridge.address() !== undefined && bridge.address() !== before)
    await bridge.stop()
    expect([...engine.containers.keys()]).toEqual([agent.id])
  })

  test('a nudge reaches the agent', async () => {
    await using open = openBridge()
    const { bridge, engine } = open
    await bridge.start(never)
    bridge.nudge('wake')
    const agent = await agentOf(engine)
    await waitFor(() => agent.nudges.length > 0, { what: 'the nudge' })
    expect(agent.nudges).toEqual([{ reason: 'wake' }])
  })

  test('stopping it ends the agent first, then the tunnel, and removes both', async () => {
    await using open = openBridge()
    const { bridge, engine, states } = open
    await bridge.start(never)
    engine.journal.length = 0
    await bridge.stop()
    expect(engine.journal).toEqual(['stop agent', 'remove agent', 'stop tunnel', 'remove tunnel'])
    expect(engine.containers.size).toBe(0)
    expect(states.slice(-2)).toEqual(['stopping', 'absent'])
    expect(bridge.address()).toBeUndefined()
  })
})

describe('when something dies', () => {
  test('a dead tunnel is replaced in the same network, and the agent is left alone', async () => {
    await using open = openBridge()
    const { bridge, engine, clock, states } = open
    const address = await bridge.start(never)
    const [agent, tunnel] = [engine.one('agent'), engine.one('tunnel')]
    const seen = states.length
    engine.end(tunnel.id, 1)
    await advanceUntil(clock, () => engine.running('tunnel').length === 1)
    const next = engine.one('tunnel')
    expect(next.id).not.toBe(tunnel.id)
    expect(next.spec.network).toEqual({ kind: 'of-container', containerId: agent.id })
    expect(JSON.parse(next.line!)).toMatchObject({ role: 'tunnel', token: address.token })
    expect(engine.one('agent').id).toBe(agent.id)
    expect(engine.containers.has(tunnel.id)).toBe(false)
    expect(bridge.address()).toBe(address)
    expect(states.slice(seen)).toEqual([])
  })

  test('a tunnel that dies again and again is given pauses', async () => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    await bridge.start(never)
    engine.end(engine.one('tunnel').id, 1)
    await advanceUntil(clock, () => engine.running('tunnel').length === 1)
    engine.end(engine.one('tunnel').id, 1)
    const startedMs = clock.monotonicMs()
    await advanceUntil(clock, () => engine.running('tunnel').length === 1)
    expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(500)
  })

  test('a tunnel that cannot be started is tried again', async () => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    await bridge.start(never)
    engine.errors.push({ call: 'start', role: 'tunnel', error: new AppError('engine-failed') })
    engine.end(engine.one('tunnel').id, 1)
    await advanceUntil(clock, () => engine.running('tunnel').length === 1)
    expect(engine.containers.size).toBe(2)
  })

  test('a dead agent is replaced together with its tunnel, under another token', async () => {
    await using open = openBridge()
    const { bridge, engine, clock, states } = open
    const addresses: { readonly token: string }[] = []
    bridge.addressed.on((address) => addresses.push(address))
    const before = await bridge.start(never)
    const olds = [...engine.containers.keys()]
    engine.journal.length = 0
    states.length = 0
    engine.end(engine.one('agent').id, 137)
    await advanceUntil(clock, () => addresses.length === 2)
    expect(engine.journal).toEqual([
      ...['remove agent', 'remove tunnel'],
      ...['create agent', 'start agent', 'create tunnel', 'start tunnel'],
    ])
    expect(states).toEqual(['failed', 'creating', 'starting', 'ready'])
    expect(addresses[1]!.token).not.toBe(before.token)
    expect(olds.filter((id) => engine.containers.has(id))).toEqual([])
  })

  test('both dying at once are made anew once', async () => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    const before = await bridge.start(never)
    const [agent, tunnel] = [engine.one('agent'), engine.one('tunnel')]
    engine.end(tunnel.id, 137)
    engine.end(agent.id, 137)
    await advanceUntil(clock, () => bridge.address() !== undefined && bridge.address() !== before)
    expect(engine.containers.size).toBe(2)
    expect(engine.running('agent')).toHaveLength(1)
    expect(engine.running('tunnel')).toHaveLength(1)
  })

  test('an agent that dies again and again is given pauses, which a nudge ends', async () => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    await bridge.start(never)
    for (let deaths = 0; deaths < 6; deaths += 1) {
      const before = bridge.address()
      engine.end(engine.one('agent').id, 1)
      await advanceUntil(clock, () => bridge.address() !== undefined && bridge.address() !== before)
    }
    engine.end(engine.one('agent').id, 1)
    await waitFor(() => bridge.state().kind === 'failed' && engine.containers.size === 0, {
      what: 'the pause',
    })
    await clock.advance(5_000)
    expect(bridge.state()).toMatchObject({ kind: 'failed', willRetry: true, error: { code: 'bridge-died' } })
    await waitFor(
      () => {
        bridge.nudge('user')
        return bridge.state().kind === 'ready'
      },
      { what: 'the nudge to help' },
    )
  })

  test('a bridge comes back with its engine', async () => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    const before = await bridge.start(never)
    engine.goDown()
    await waitFor(() => bridge.state().kind === 'failed', { what: 'the loss to be noticed' })
    expect(bridge.state()).toMatchObject({ willRetry: true, error: { code: 'engine-not-running' } })
    expect(bridge.address()).toBeUndefined()
    await clock.advance(60_000)
    engine.comeUp()
    await advanceUntil(clock, () => bridge.address() !== undefined)
    expect(bridge.address()?.token).not.toBe(before.token)
    // What the engine still had of the old pair is gone.
    expect(engine.containers.size).toBe(2)
  })

  test.each(['nudge', 'refreshIdentity'] as const)(
    'what only a person can mend is looked at ever more seldom, with what it is, and at once on %s',
    async (means) => {
      await using open = openBridge()
      const { bridge, engine, clock } = open
      await bridge.start(never)
      const failures = 10
      for (let times = 0; times < failures; times += 1) {
        engine.errors.push({ call: 'create', role: 'agent', error: new AppError('engine-mount-denied') })
      }
      engine.end(engine.one('agent').id, 1)
      // Doubling from five seconds, the tenth failure comes after less than 22 minutes.
      await advanceUntil(clock, () => engine.errors.length === 0, { stepMs: 5_000, limitMs: hourMs })
      await clock.advance(10 * 60_000)
      expect(bridge.state()).toMatchObject({
        kind: 'failed',
        willRetry: true,
        error: { code: 'engine-mount-denied' },
      })
      expect(bridge.address()).toBeUndefined()
      await waitFor(
        () => {
          if (means === 'nudge') bridge.nudge('wake')
          else bridge.refreshIdentity()
          return bridge.state().kind === 'ready'
        },
        { what: 'the hint to help' },
      )
    },
  )

  test('it can be stopped while it waits for its engine', async () => {
    await using open = openBridge()
    const { bridge, engine } = open
    await bridge.start(never)
    engine.goDown()
    await waitFor(() => bridge.state().kind === 'failed', { what: 'the loss to be noticed' })
    await bridge.stop()
    expect(bridge.state()).toEqual({ kind: 'absent' })
  })
})

describe('the identity of the tunnel', () => {
  test('is replaced in time, and handed to the tunnel that runs', async () => {
    await using open = openBridge()
    const { bridge, engine, clock, identities } = open
    await bridge.start(never)
    const agent = await agentOf(engine)
    await clock.advance(hourMs)
    expect(identities.issued).toBe(1)
    await advanceUntil(clock, () => agent.identities.length > 0, { stepMs: 60_000, limitMs: 2 * hourMs })
    expect(agent.identities).toMatchObject([{ privateKeyPem: 'k2' }])
    expect(Object.keys(agent.identities[0] as object).toSorted()).toEqual([
      'certificatePem',
      'expiresAtMs',
      'privateKeyPem',
    ])
  })

  test('is asked for again when it could not be had', async () => {
    await using open = openBridge()
    const { bridge, engine, clock, identities } = open
    await bridge.start(never)
    identities.errors.push(new AppError('identity-expired'), new AppError('identity-expired'))
    const agent = await agentOf(engine)
    await advanceUntil(clock, () => agent.identities.length > 0, { stepMs: 60_000, limitMs: 3 * hourMs })
    expect(identities.errors).toEqual([])
  })

  test('is the newest one for a tunnel that takes another’s place', async () => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    await bridge.start(never)
    const agent = await agentOf(engine)
    await advanceUntil(clock, () => agent.identities.length > 0, { stepMs: 60_000, limitMs: 3 * hourMs })
    engine.end(engine.one('tunnel').id, 1)
    await advanceUntil(clock, () => engine.running('tunnel').length === 1)
    expect(JSON.parse(engine.one('tunnel').line!)).toMatchObject({ identity: { privateKeyPem: 'k2' } })
  })

  test('is replaced at once when the server refuses it, and not again for a while', async () => {
    await using open = openBridge()
    const { bridge, engine, identities } = open
    await bridge.start(never)
    const agent = await agentOf(engine)
    const denied = { code: 'access-denied', args: {} } as const
    agent.become('failed', denied)
    await waitFor(() => agent.identities.length === 1, { what: 'another identity' })
    agent.become('connecting')
    agent.become('failed', denied)
    agent.become('ready')
    await waitFor(() => bridge.state().kind === 'ready', { what: 'the last state' })
    expect(identities.issued).toBe(2)
  })

  test('is tried anew every minute while the server refuses it, at a nudge at once, and not any more then', async () => {
    await using open = openBridge()
    const { bridge, engine, clock, identities } = open
    await bridge.start(never)
    const agent = await agentOf(engine)
    identities.errors.push(new AppError('identity-expired'))
    agent.become('failed', { code: 'access-denied', args: {} })
    await waitFor(() => identities.errors.length === 0, { what: 'the first attempt' })
    expect(identities.issued).toBe(1)
    await advanceUntil(clock, () => identities.issued === 2, { stepMs: 10_000 })
    bridge.nudge('user')
    await waitFor(() => agent.identities.length === 2, { what: 'another identity' })
    agent.become('ready')
    await waitFor(() => bridge.state().kind === 'ready', { what: 'the last state' })
    await clock.advance(10 * 60_000)
    expect(identities.issued).toBe(3)
  })

  test('is named when it has expired, and so are clocks that do not agree', async () => {
    await using open = openBridge()
    const { bridge, engine, clock, identities } = open
    identities.lifeMs = 30_000
    await bridge.start(never)
    identities.errors.push(...Array.from({ length: 20 }, () => new AppError('identity-expired')))
    await clock.advance(30_000)
    const agent = await agentOf(engine)
    agent.become('failed', { code: 'access-denied', args: {} })
    await waitFor(() => codeOf(bridge.state()) === 'identity-expired', { what: 'the right code' })

    agent.skewMs = -20 * 60_000
    agent.hangUp()
    await advanceUntil(clock, () => codeOf(bridge.state()) === 'clock-skewed')
    expect(bridge.state()).toMatchObject({ error: { args: { skewMinutes: 20 } } })
  })
})

/** The agent that runs, once the bridge listens to it. */
async function agentOf(engine: FakeEngine): Promise<FakeAgent> {
  const agent = engine.one('agent').agent!
  await waitFor(() => agent.listenerCount > 0, { what: 'the bridge to listen' })
  return agent
}

function codeOf(state: object): unknown {
  return 'error' in state ? (state.error as { readonly code: string }).code : undefined
}

/** Moves time on in small steps, with a chance for real connections in between, until `condition` holds. */
async function advanceUntil(
  clock: FakeClock,
  condition: () => boolean,
  { stepMs = 250, limitMs = 5 * 60_000 }: { readonly stepMs?: number; readonly limitMs?: number } = {},
): Promise<void> {
  const startedMs = clock.monotonicMs()
  await waitFor(
    async () => {
      if (condition()) return true
      if (clock.monotonicMs() - startedMs > limitMs)
        throw new Error(`not within ${limitMs} ms of the fake clock`)
      await clock.advance(stepMs)
      return false
    },
    { what: 'the condition', limitMs: 20_000, everyMs: 5 },
  )
}
