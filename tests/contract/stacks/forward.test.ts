import { once } from 'node:events'
import { mkdir, symlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { systemClock, type Clock } from '../../../src-main/lib/clock.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import type { Forward } from '../../../src-main/services/stacks/ssm/forward.ts'
import { openForward } from '../../../src-main/services/stacks/ssm/open-forward.ts'
import { messageFor } from '../../../src-main/shared/messages.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { AwsAccount } from '../../harness/aws/account.ts'
import { startConnectRig, type ConnectRig } from '../../harness/aws/connect-rig.ts'
import { startSystemsManager, type SystemsManager } from '../../harness/aws/systems-manager.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { waitFor } from '../../harness/wait-for.ts'

const instanceId = 'i-0123456789abcdef0'
const signal = new AbortController().signal
const pluginPath = fileURLToPath(new URL('../../fixtures/session-manager-plugin.ts', import.meta.url))

let stack: AsyncDisposableStack
let rig: ConnectRig
let ssm: SystemsManager
let mountTarget: Server
let binDir: string

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  const account = new AwsAccount()
  ssm = await startSystemsManager({ account, nowMs: () => Date.now() })
  stack.use(ssm.service)
  rig = stack.use(await startConnectRig({ account, endpoints: { ssm: ssm.service.url } }))
  ssm.online.add(instanceId)
  // The port of S3 Files is not ours to choose, and neither is its address for whoever plays it.
  mountTarget = createServer((socket) => socket.on('error', () => undefined).end('the mount target\n'))
  mountTarget.listen(2049, '127.0.0.77')
  await once(mountTarget, 'listening')
  stack.defer(() => void mountTarget.close())
  const temp = stack.use(await makeTempDir('ssm'))
  binDir = join(temp.dir, 'bin')
  await mkdir(binDir)
})
afterEach(() => stack.disposeAsync())

async function open(clock: Clock = systemClock): Promise<Forward> {
  const forward = await openForward(
    { target: rig.target, instanceId, remoteHost: '127.0.0.77' },
    {
      clients: rig.clients,
      env: { PATH: `${binDir}:${dirname(process.execPath)}`, SECRET_OF_THE_SHELL: 'x' },
      endpoint: ssm.service.url,
      clock,
      log: silentLogger,
      random: () => 0,
    },
    signal,
  )
  return stack.use(forward)
}

const installPlugin = (): Promise<void> => symlink(pluginPath, join(binDir, 'session-manager-plugin'))

async function readFrom({ localPort }: Forward): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: localPort })
  const parts: string[] = []
  for await (const part of socket.setEncoding('utf8') as AsyncIterable<string>) parts.push(part)
  return parts.join('')
}

async function toldBy(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  const { text, fix = '' } = messageFor(error as Parameters<typeof messageFor>[0])
  return `${text} → ${fix}`
}

describe('with the plugin installed', () => {
  beforeEach(installPlugin)

  test('a local port leads through the instance to the mount target, port 2049', async () => {
    const forward = await open()
    expect(await readFrom(forward)).toBe('the mount target\n')
    expect(forward.state).toEqual({ kind: 'open' })
    expect(ssm.sessions).toEqual([
      {
        Target: instanceId,
        DocumentName: 'AWS-StartPortForwardingSessionToRemoteHost',
        Parameters: {
          host: ['127.0.0.77'],
          portNumber: ['2049'],
          localPortNumber: [String(forward.localPort)],
        },
        Reason: 'Mountbar',
      },
    ])
  })

  test('what is given up ends the program, and the port with it', async () => {
    const forward = await open()
    await forward[Symbol.asyncDispose]()
    await expect(readFrom(forward)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('a session that AWS ends is started again on the same port, after a pause', async () => {
    ssm.token = 'exits-after:50'
    const clock = new FakeClock()
    const forward = await open(clock)
    ssm.token = 'forwards'
    await waitFor(() => forward.state.kind === 'waiting', { what: 'the end of the session' })
    expect(forward.state).toMatchObject({
      error: {
        code: 'ssm-session-failed',
        args: { reason: 'Your session timed out due to inactivity and has been terminated.' },
      },
    })
    expect(ssm.sessions).toHaveLength(1)
    await clock.advance(1_000)
    await waitFor(() => forward.state.kind === 'open', { what: 'another session' })
    expect(await readFrom(forward)).toBe('the mount target\n')
    expect(ssm.sessions[1]?.Parameters['localPortNumber']).toEqual([String(forward.localPort)])
  })

  test('while it cannot be started, it is tried again with growing pauses, and says why', async () => {
    ssm.token = 'exits-after:50'
    const clock = new FakeClock()
    const forward = await open(clock)
    ssm.online.clear()
    const isTold = (code: string) => () =>
      forward.state.kind === 'waiting' && forward.state.error.code === code
    await waitFor(isTold('ssm-session-failed'), { what: 'the end of the session' })
    await clock.advance(1_000)
    await waitFor(isTold('ssm-instance-offline'), { what: 'the refusal' })
    const asked = ssm.service.requests.length
    await clock.advance(1_000)
    expect(ssm.service.requests).toHaveLength(asked)
    ssm.online.add(instanceId)
    ssm.token = 'forwards'
    await clock.advance(1_000)
    await waitFor(() => forward.state.kind === 'open', { what: 'another session' })
  })

  test('after a sleep of the machine it is started anew at once', async () => {
    const clock = new FakeClock()
    const forward = await open(clock)
    clock.sleepOver(600_000)
    await clock.advance(5_000)
    await waitFor(() => ssm.sessions.length === 2 && forward.state.kind === 'open', {
      what: 'another session',
    })
    expect(await readFrom(forward)).toBe('the mount target\n')
  })

  test('what the plugin says of a refusal is told', async () => {
    ssm.token = 'refused'
    expect(await toldBy(open())).toBe(
      `Forwarding a port through the instance “${instanceId}” failed: Connection to destination port failed, check SSM Agent logs. → It is started again by itself. If it goes on, check that you may start sessions (ssm:StartSession).`,
    )
  })

  test('a plugin that never opens its port is given up after twenty seconds', async () => {
    ssm.token = 'mute'
    const clock = new FakeClock()
    const told = toldBy(open(clock))
    await waitFor(() => clock.pendingCount > 0, { what: 'its limit' })
    await clock.advance(20_000)
    expect(await told).toContain('failed: no port was opened in time.')
  })

  test('an instance that Systems Manager does not reach, and a session that is not permitted', async () => {
    ssm.online.clear()
    expect(await toldBy(open())).toBe(
      `Systems Manager has no connection to the instance “${instanceId}”. → A new instance takes some minutes. Otherwise start it in the EC2 console, and see that it has a way out to the Internet.`,
    )
    ssm.isDenied = true
    expect(await toldBy(open())).toContain('does not have the permission “ssm:StartSession”')
  })
})

test('without the plugin it says how to install it, and asks AWS for nothing', async () => {
  expect(await toldBy(open())).toBe(
    'The way in “ssm” needs AWS’s program session-manager-plugin, and it is not on this machine. → Install it (on a Mac: brew install --cask session-manager-plugin, or AWS’s own installer), then mount the drive again.',
  )
  expect(ssm.service.requests).toEqual([])
})
