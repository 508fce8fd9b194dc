import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { bridgeLabels } from '../../../../docker/bridge/api/start.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { waitFor } from '../../../harness/wait-for.ts'
import { bridgeSpec } from '../../../fixtures/bridge-spec.ts'
import { makeContext, never, openBridge } from './open-bridge.ts'

describe('starting a bridge', () => {
  test('makes the agent first, then the tunnel in its network, and tells where it answers', async () => {
    await using open = openBridge()
    const { bridge, engine, states } = open
    const addresses: unknown[] = []
    bridge.addressed.on((address) => addresses.push(address))
    const address = await bridge.start(never)
    expect(engine.journal).toEqual(['create agent', 'start agent', 'create tunnel', 'start tunnel'])
    expect(engine.one('tunnel').spec.network).toEqual({
      kind: 'of-container',
      containerId: engine.one('agent').id,
    })
    expect(states).toEqual(['creating', 'starting', 'ready'])
    expect(address.controlUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(addresses).toEqual([address])
    expect(bridge.address()).toEqual(address)
  })

  test('tells each container what it has to know, on stdin alone', async () => {
    await using open = openBridge({ accessPointId: 'fsap-1', remotePath: '/photos', readOnly: true })
    const { bridge, engine } = open
    const { token } = await bridge.start(never)
    const [agent, tunnel] = [engine.one('agent'), engine.one('tunnel')]
    expect(JSON.parse(agent.line!)).toEqual({
      role: 'agent',
      token,
      fileSystemId: bridgeSpec.fileSystemId,
      region: bridgeSpec.region,
      accessPointId: 'fsap-1',
      remotePath: '/photos',
      readOnly: true,
      mountOptions: [],
    })
    expect(JSON.parse(tunnel.line!)).toMatchObject({
      role: 'tunnel',
      connect: { host: 'nlb.example.com', port: 2049 },
      identity: { certificatePem: 'certificate 1', privateKeyPem: 'k1' },
    })
    const visible = JSON.stringify([agent.spec, tunnel.spec])
    for (const secret of [token, 'certificate 1', 'k1']) expect(visible).not.toContain(secret)
  })

  test('needs neither tunnel nor identity where the agent gets to the server by itself', async () => {
    const nfs = { host: 'host.docker.internal', port: 2049 }
    await using open = openBridge({ route: { kind: 'direct', nfs } })
    const { bridge, engine, identities } = open
    await bridge.start(never)
    expect(engine.journal).toEqual(['create agent', 'start agent'])
    expect(JSON.parse(engine.one('agent').line!)).toMatchObject({ nfs })
    expect(identities.issued).toBe(0)
  })

  test('builds the image once per content of its folder, and says so', async () => {
    await using context = await makeContext()
    const image = { kind: 'build', contextDir: context.dir, args: { BASE_IMAGE: 'debian' } } as const
    const buildsOf = async (): Promise<readonly string[]> => {
      await using open = openBridge({ image })
      const { bridge, engine, states } = open
      await bridge.start(never)
      expect(states.slice(0, 2)).toEqual(['building', 'building'])
      await bridge.stop()
      await using again = openBridge({ image })
      for (const { ref } of engine.builds) again.engine.images.add(ref)
      await again.bridge.start(never)
      expect(again.engine.builds).toEqual([])
      return engine.builds.map(({ ref }) => ref)
    }
    const [first] = await buildsOf()
    await writeFile(join(context.dir, 'app', 'agent.js'), 'two')
    const [second] = await buildsOf()
    expect(first).toMatch(/^mountbar-bridge:[0-9a-f]{16}$/)
    expect(second).not.toBe(first)
  })

  test('gives an image no label that says whose it is: containers inherit them', async () => {
    await using context = await makeContext()
    await using open = openBridge({ image: { kind: 'build', contextDir: context.dir, args: {} } })
    await open.bridge.start(never)
    expect(Object.keys(open.engine.builds[0]!.labels)).toEqual([bridgeLabels.fingerprint])
  })

  test('removes the images of earlier bridges when it is ready, and no others', async () => {
    await using context = await makeContext()
    await using open = openBridge({ image: { kind: 'build', contextDir: context.dir, args: {} } })
    const { bridge, engine } = open
    engine.images.clear()
    for (const ref of ['mountbar-bridge:old', 'mountbar-bridge:used', 'mountbar-bridge:foreign', 'mine:1']) {
      engine.images.add(ref)
    }
    engine.unlabelledImages.add('mountbar-bridge:foreign')
    engine.add({ ...engineSpec, labels: {}, image: 'mountbar-bridge:used' }, 'exited')
    await bridge.start(never)
    await waitFor(() => !engine.images.has('mountbar-bridge:old'), { what: 'the old one to be removed' })
    expect([...engine.images]).toEqual([
      'mountbar-bridge:used',
      'mountbar-bridge:foreign',
      'mine:1',
      engine.builds[0]!.ref,
    ])
  })

  test('removes what a process that died has left, of this drive and of others', async () => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    const spec = (installation: string, drive: string, role: string) => ({
      ...engineSpec,
      labels: {
        [bridgeLabels.installation]: installation,
        [bridgeLabels.driveId]: drive,
        [bridgeLabels.role]: role,
      },
    })
    const longAgoMs = clock.now() - 3_600_000
    engine.add(spec('i1', 'photos', 'tunnel'), 'running')
    engine.add(spec('i1', 'photos', 'agent'), 'running')
    engine.add(spec('i1', 'music', 'agent'), 'exited', longAgoMs)
    const kept = [
      engine.add(spec('i1', 'music', 'tunnel'), 'running', longAgoMs),
      engine.add(spec('i1', 'films', 'agent'), 'created'),
      engine.add(spec('i2', 'photos', 'agent'), 'exited', longAgoMs),
      engine.add({ ...engineSpec, labels: {} }, 'exited', longAgoMs),
    ]
    await bridge.start(never)
    expect(engine.journal.slice(0, 4)).toEqual([
      'remove agent',
      'remove agent',
      'remove tunnel',
      'create agent',
    ])
    expect([...engine.containers.keys()]).toEqual(expect.arrayContaining(kept.map(({ id }) => id)))
    expect(engine.containers.size).toBe(kept.length + 2)
  })
})

describe('a bridge that cannot start', () => {
  test.each([
    [
      'the server refuses the identity',
      { code: 'access-denied' },
      'access-denied',
      { fileSystemId: 'fs-0123456789abcdef0' },
    ],
    [
      'the server cannot be reached',
      { code: 'server-unreachable' },
      'server-unreachable',
      { host: 'nlb.example.com', port: 2049 },
    ],
    [
      'the kernel has no NFS',
      { code: 'kernel-without-nfs' },
      'engine-no-nfs',
      { reason: 'kernel-without-nfs' },
    ],
  ] as const)('says so when %s, and leaves nothing behind', async (_case, { code }, ours, args) => {
    await using open = openBridge()
    const { bridge, engine } = open
    engine.mood = { state: 'failed', error: { code, args: {} } }
    await expect(bridge.start(never)).rejects.toMatchObject({
      code: ours,
      args: expect.objectContaining(args) as object,
    })
    expect(engine.containers.size).toBe(0)
    expect(bridge.state()).toMatchObject({ kind: 'failed', willRetry: false, error: { code: ours } })
    expect(bridge.address()).toBeUndefined()
  })

  test.each([
    ['cannot mount at all', 69, false, 'engine-no-nfs'],
    ['did not understand what it was told', 64, false, 'message-invalid'],
    ['crashed', 1, false, 'bridge-died'],
    ['ran out of memory', 137, true, 'bridge-died'],
  ])('says so when the agent %s', async (_case, exitCode, outOfMemory, code) => {
    await using open = openBridge()
    const { bridge, engine } = open
    engine.mood = { state: 'connecting' }
    const started = bridge.start(never)
    await waitFor(() => engine.running('tunnel').length > 0, { what: 'the tunnel' })
    engine.end(engine.one('agent').id, exitCode, outOfMemory)
    await expect(started).rejects.toMatchObject({ code })
    expect(engine.containers.size).toBe(0)
  })

  test('says why the agent ended when it does so before anything could be asked of it', async () => {
    await using open = openBridge()
    const { bridge, engine } = open
    engine.onAgent = (_agent, { id }) => engine.end(id, 69)
    await expect(bridge.start(never)).rejects.toMatchObject({ code: 'engine-no-nfs' })
    expect(engine.containers.size).toBe(0)
  })

  test.each([
    ['the agent is made', { call: 'create', role: 'agent' }],
    ['the agent is started', { call: 'start', role: 'agent' }],
    ['the tunnel is made', { call: 'create', role: 'tunnel' }],
    ['the tunnel is started', { call: 'start', role: 'tunnel' }],
  ] as const)('leaves nothing behind when the engine fails as %s', async (_case, where) => {
    await using open = openBridge()
    const { bridge, engine } = open
    engine.errors.push({ ...where, error: new AppError('engine-disk-full') })
    await expect(bridge.start(never)).rejects.toMatchObject({ code: 'engine-disk-full' })
    expect(engine.containers.size).toBe(0)
  })

  test('says what an identity is missing, and leaves nothing behind', async () => {
    await using open = openBridge()
    open.identities.errors.push(new AppError('identity-expired'))
    await expect(open.bridge.start(never)).rejects.toMatchObject({ code: 'identity-expired' })
    expect(open.engine.containers.size).toBe(0)
  })

  test.each([
    ['what stood in the way', { code: 'server-refused', args: {} } as const, 'server-refused'],
    ['that it does not answer', undefined, 'bridge-timeout'],
  ])('says when the time is up %s', async (_case, error, code) => {
    await using open = openBridge()
    const { bridge, engine, clock } = open
    engine.onAgent = (agent) => {
      if (error !== undefined) agent.tunnel = { state: 'down', restarts: 3, error }
    }
    engine.mood = { state: 'connecting' }
    const started = bridge.start(never)
    started.catch(() => undefined)
    await waitFor(() => bridge.state().kind === 'connecting', { what: 'the agent to be heard' })
    await clock.advance(120_000)
    await expect(started).rejects.toMatchObject({ code })
    expect(engine.containers.size).toBe(0)
  })

  test.each(['build', 'create', 'start'] as const)(
    'leaves nothing behind when it is called off during %s',
    async (call) => {
      await using context = await makeContext()
      await using open = openBridge({ image: { kind: 'build', contextDir: context.dir, args: {} } })
      const { bridge, engine } = open
      const gate = Promise.withResolvers<undefined>()
      engine.gates.set(
        call,
        gate.promise.then(() => undefined),
      )
      const stopping = new AbortController()
      const started = bridge.start(stopping.signal)
      started.catch(() => undefined)
      await waitFor(() => bridge.state().kind !== 'absent', { what: 'it to begin' })
      stopping.abort()
      gate.resolve(undefined)
      await expect(started).rejects.toMatchObject({ code: 'cancelled' })
      expect(engine.containers.size).toBe(0)
      expect(bridge.state()).toEqual({ kind: 'absent' })
    },
  )

  test('leaves nothing behind when it is stopped while the agent looks for the server', async () => {
    await using open = openBridge()
    const { bridge, engine } = open
    engine.mood = { state: 'connecting' }
    const started = bridge.start(never)
    started.catch(() => undefined)
    await waitFor(() => bridge.state().kind === 'connecting', { what: 'the agent to be heard' })
    await bridge.stop()
    await expect(started).rejects.toMatchObject({ code: 'cancelled' })
    expect(engine.containers.size).toBe(0)
    expect(bridge.state()).toEqual({ kind: 'absent' })
  })
})

const engineSpec = {
  name: 'any',
  image: 'any',
  command: [],
  user: '0:0',
  capabilities: [],
  isConfinedByAppArmor: true,
  tmpfs: {},
  memoryBytes: 0,
  maxProcesses: 1,
  stopTimeoutSeconds: 1,
  network: { kind: 'own', hostname: 'any', publishedPorts: [] },
} as const
