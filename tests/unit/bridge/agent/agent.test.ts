import { readFile } from 'node:fs/promises'

import { expect, test } from 'vitest'

import { needs } from '../../../harness/needs.ts'
import { waitFor } from '../../../harness/wait-for.ts'
import { startAgentRig, token, type AgentRig } from './agent-rig.ts'

const options =
  'nfsvers=4.2,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,port=20490,retry=0,rw'

const mountCalls = async (agent: AgentRig): Promise<readonly string[]> =>
  (await agent.calls()).filter((call) => call.startsWith('mount.nfs4'))

needs('linux')('an agent that gets its mount', () => {
  test('mounts, serves files and probes', async () => {
    await using agent = await startAgentRig()
    const health = await agent.untilState('ready')
    const [mount, files] = await agent.calls()
    expect(mount).toBe(`mount.nfs4 127.0.0.1:/ ${agent.mountDir} -o ${options}`)
    expect(files).toMatch(/^files 64 0\.0\.0\.0 \{/)
    expect(JSON.parse(files!.slice(files!.indexOf('{')))).toEqual({
      token,
      rootDir: agent.mountDir,
      readOnly: false,
      instanceId: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    })
    expect(health).toMatchObject({
      apiVersion: 1,
      state: 'ready',
      roundTripMs: 12.5,
      clockMs: agent.clock.now(),
      mount: { mountedAtMs: agent.clock.now(), options: 'rw,relatime,rw,vers=4.2' },
      files: { restarts: 0, residentBytes: expect.any(Number) as number },
      versions: { agent: '1', node: '24', kernel: '6' },
    })
  })

  test('tells of it on its events', async () => {
    await using agent = await startAgentRig()
    await agent.untilState('ready')
    await waitFor(() => agent.events.some((event) => event.type === 'state' && event.state === 'ready'), {
      what: 'the event',
    })
    expect(agent.events.slice(0, 2).map(({ type }) => type)).toEqual(['state', 'tunnel'])
    expect(agent.events).toContainEqual({ type: 'latency', atMs: agent.clock.now(), roundTripMs: 12.5 })
    expect(agent.events).toContainEqual({ type: 'log', level: 'info', source: 'files', text: 'serving' })
  })

  test('says that it is alive when there is nothing to tell', async () => {
    await using agent = await startAgentRig({ mount: 'hang' })
    await agent.untilState('connecting')
    await agent.clock.advance(10_000)
    await waitFor(() => agent.events.some((event) => event.type === 'alive'), { what: 'a sign of life' })
  })

  test('waits for the tunnel before it mounts', async () => {
    let isTunnelThere = false
    await using agent = await startAgentRig({ isTunnelThere: () => isTunnelThere })
    await agent.untilState('connecting')
    await agent.clock.advance(1_000)
    expect(await mountCalls(agent)).toEqual([])
    isTunnelThere = true
    await agent.clock.advance(100)
    await agent.untilState('ready')
  })

  test('starts the file service again when it ends', async () => {
    await using agent = await startAgentRig()
    await agent.untilState('ready')
    await fetch(`http://127.0.0.1:${agent.filesPort}/crash`)
    await agent.untilState('stalled')
    await waitFor(
      async () => {
        await agent.clock.advance(200)
        return (await agent.health()).state === 'ready'
      },
      { what: 'the next file service' },
    )
    expect((await agent.health()).files.restarts).toBe(1)
  })

  test('mounts again what was lost', async () => {
    await using agent = await startAgentRig()
    await agent.untilState('ready')
    await agent.behave('probe', 'not-nfs')
    await agent.clock.advance(5_000)
    await waitFor(async () => (await agent.calls()).includes('files ended'), { what: 'the end of the files' })
    await agent.behave('probe', 'answer')
    await waitFor(async () => (await mountCalls(agent)).length === 2, { what: 'the second mount' })
    await agent.untilState('ready')
  })
})

needs('linux')('an agent whose mount is stuck', () => {
  test.each([
    ['mounting', { mount: 'hang' }, 'connecting'],
    ['mounted', { probe: 'silent' }, 'stalled'],
  ] as const)('answers all the same while %s', async (_, rig, state) => {
    await using agent = await startAgentRig(rig)
    await agent.untilState('connecting')
    if (state === 'stalled') {
      await waitFor(
        async () => {
          await agent.clock.advance(1_000)
          return (await agent.health()).state === state
        },
        { what: 'the stall' },
      )
    }
    const answers = await Promise.all(Array.from({ length: 50 }, () => agent.health()))
    expect(new Set(answers.map((answer) => answer.state))).toEqual(new Set([state]))
  })

  test('is ready again as soon as an answer comes', async () => {
    await using agent = await startAgentRig()
    await agent.untilState('ready')
    await agent.behave('probe', 'silent')
    await agent.clock.advance(10_000)
    await agent.untilState('stalled')
    await agent.behave('probe', 'answer')
    await agent.clock.advance(30_000)
    await agent.untilState('ready')
  })
})

needs('linux')('an agent that does not get its mount', () => {
  test('says why, and mounts when it is nudged after that was mended', async () => {
    await using agent = await startAgentRig({
      mount: 'mount.nfs4: access denied by server while mounting 127.0.0.1:/',
    })
    const { error } = await agent.untilState('failed')
    expect(error?.code).toBe('access-denied')
    await agent.behave('mount', 'ok')
    expect((await agent.request('POST', '/v1/nudge', { reason: 'user' })).status).toBe(204)
    const health = await agent.untilState('ready')
    expect(health.error).toBeUndefined()
  })

  test('tries again by itself', async () => {
    await using agent = await startAgentRig({ mount: 'mount.nfs4: Connection timed out' })
    await waitFor(async () => (await agent.health()).error !== undefined, { what: 'the first failure' })
    await agent.behave('mount', 'ok')
    await agent.clock.advance(1_000)
    await agent.untilState('ready')
  })

  test('kills a mount.nfs4 that hangs, and says that it took too long', async () => {
    await using agent = await startAgentRig({ mount: 'hang' })
    await waitFor(async () => (await agent.calls()).length === 2, { what: 'mount.nfs4' })
    await agent.clock.advance(75_000)
    await waitFor(async () => (await agent.health()).error?.code === 'mount-timeout', { what: 'the failure' })
    const pid = Number((await agent.calls())[1]!.split(' ')[1])
    await waitFor(async () => !(await isRunning(pid)), { what: 'the end of what it had started' })
  })

  test('ends for good where mounting is not permitted', async () => {
    await using agent = await startAgentRig({ mayMount: false })
    const { error } = await agent.untilState('failed')
    expect(error?.code).toBe('mount-not-permitted')
    await agent.clock.advance(2_000)
    expect(await agent.exitCode).toBe(69)
    expect(await mountCalls(agent)).toEqual([])
  })
})

needs('linux')('an agent that is asked to end', () => {
  test.each([
    ['gently', '', ['-i -c'], 0],
    ['by force', '-f', ['-i -c', '-i -c -f'], 0],
    ['in name only', '-l', ['-i -c', '-i -c -f', '-i -c -l'], 75],
    ['not at all', 'never', ['-i -c', '-i -c -f', '-i -c -l'], 75],
  ])('ends its file service, then unmounts %s', async (_, umount, attempts, exitCode) => {
    await using agent = await startAgentRig({ umount })
    await agent.untilState('ready')
    agent.end()
    expect(await agent.exitCode).toBe(exitCode)
    const calls = await agent.calls()
    expect(calls.slice(2)).toEqual([
      'files ended',
      ...attempts.map((attempt) => `umount ${attempt} ${agent.mountDir}`),
    ])
  })

  test('does not wait for a mount that hangs', async () => {
    await using agent = await startAgentRig({ mount: 'hang' })
    await waitFor(async () => (await agent.calls()).length === 2, { what: 'mount.nfs4' })
    agent.end()
    expect(await agent.exitCode).toBe(0)
  })
})

/** A process that has ended may stay in the table until somebody asks for it. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) Z /.test(stat)
}
