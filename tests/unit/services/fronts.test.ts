import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { maxSocketPathBytes } from '../../../src-main/lib/host-dirs.ts'
import { silentLogger, type Logger } from '../../../src-main/lib/logger.ts'
import { connectFront, type FrontConnection } from '../../../src-main/services/fronts/connect-front.ts'
import { controlSocketPathOf } from '../../../src-main/services/fronts/control-sockets.ts'
import { discardTraces } from '../../../src-main/services/fronts/discard-traces.ts'
import { nodeProgram } from '../../../src-main/services/fronts/front-child.ts'
import type { Front } from '../../../src-main/services/fronts/front.ts'
import { startFront, type StartFrontOptions } from '../../../src-main/services/fronts/start-front.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import type { FrontEvent } from '../../../src-main/shared/front-protocol.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'
import { waitFor, within } from '../../harness/wait-for.ts'

const fakeFrontPath = fileURLToPath(new URL('../../fixtures/fake-front.ts', import.meta.url))
const realFrontPath = fileURLToPath(new URL('../../../out/front.js', import.meta.url))
const pathSecret = '0123456789abcdef0123456789abcdef'

let temp: TempDir
let cleanup: AsyncDisposableStack

beforeEach(async () => {
  temp = await makeTempDir('fronts')
  cleanup = new AsyncDisposableStack()
  cleanup.use(temp)
})
afterEach(() => cleanup.disposeAsync())

function options(manner: string, more: Partial<StartFrontOptions> = {}): StartFrontOptions {
  return {
    entryPath: fakeFrontPath,
    config: {
      driveId: 'd1',
      driveName: manner,
      port: 4711,
      pathSecret,
      backend: { kind: 'local', rootDir: temp.dir },
      stateDir: temp.dir,
    },
    log: silentLogger,
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    stopLimits: { shutdownMs: 3_000, terminateMs: 3_000 },
    ...more,
  }
}

async function start(manner: string, more: Partial<StartFrontOptions> = {}): Promise<Front> {
  const front = await startFront(options(manner, more))
  cleanup.defer(() => front.stop())
  return front
}

/** What the log was told, as `place what` and fields. */
function recordingLog(): { log: Logger; entries: string[] } {
  const entries: string[] = []
  const record = (place: string, what: string, fields: object = {}) =>
    void entries.push(`${place} ${what} ${JSON.stringify(fields)}`)
  return { log: { debug: record, info: record, warn: record, error: record }, entries }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a front that this process starts', () => {
  test('is there with its url, port and process id once it is ready', async () => {
    const front = await start('good')
    expect(front).toMatchObject({ url: `http://127.0.0.1:4711/${pathSecret}/`, port: 4711 })
    expect(isAlive(front.pid)).toBe(true)
  })

  test('answers for its status, and ends when told to', async () => {
    const front = await start('good')
    expect(await front.status()).toMatchObject({ driveId: 'd1', health: 'ok', pid: front.pid })
    await front.stop()
    expect(await front.closed).toEqual({ exitCode: 0, signal: null })
    expect(isAlive(front.pid)).toBe(false)
  })

  test('hears that the machine has slept', async () => {
    const front = await start('good')
    front.wake()
    // The fake one says so in a way of its own.
    expect((await front.status()).health).toBe('slow')
  })

  test('hears how its bridge is', async () => {
    const front = await start('good')
    const trouble = { code: 'access-denied', args: { fileSystemId: 'fs-1' } } as const
    front.setBridge({ trouble })
    expect((await front.status()).trouble).toEqual(trouble)
    front.setBridge({ address: { url: 'http://127.0.0.1:1', token: 't' } })
    expect((await front.status()).trouble).toBeUndefined()
  })

  test('gets nothing of our environment but the thread pool size', async () => {
    const { log, entries } = recordingLog()
    await start('good', { log })
    const line = await waitFor(() => entries.find((entry) => entry.includes('environment:')), {
      what: 'the stderr of the front in the log',
    })
    expect(line).toContain('"line":"environment: UV_THREADPOOL_SIZE"')
  })

  test('may say things that cannot be read: they are logged, and the rest is heard', async () => {
    const { log, entries } = recordingLog()
    const front = await start('garbage', { log })
    expect(entries.filter((entry) => entry.startsWith('front unreadable-line'))).toHaveLength(3)
    expect((await front.status()).health).toBe('ok')
  })

  test('that kept both versions of a file has the log say so, for whoever looks for it later', async () => {
    const { log, entries } = recordingLog()
    await start('conflicted', { log })
    const line = await waitFor(() => entries.find((entry) => entry.startsWith('front conflict')), {
      what: 'the conflict in the log',
    })
    expect(line).toContain('"path":"/a.txt","keptAs":"/a (2).txt"')
  })

  const failures = [
    {
      manner: 'dies',
      error: { code: 'front-start-failed', args: { detail: 'the fake front was told to die' } },
    },
    { manner: 'refuses', error: { code: 'port-taken', args: { port: 4711 } } },
  ]
  test.each(failures)('that $manner at the start rejects with $error.code', async ({ manner, error }) => {
    await expect(startFront(options(manner))).rejects.toMatchObject(error)
  })

  test('whose program does not exist rejects with front-start-failed', async () => {
    const started = startFront(options('good', { startProgram: nodeProgram(join(temp.dir, 'no-node')) }))
    await expect(started).rejects.toMatchObject({ code: 'front-start-failed' })
  })

  test('that never gets ready is ended at the limit', async () => {
    const { log, entries } = recordingLog()
    const started = startFront(options('never-ready', { log, timeoutMs: 5_000 }))
    await expect(started).rejects.toMatchObject({ code: 'front-timeout', args: { timeoutMs: 5_000 } })
    expect(isAlive(pidIn(entries)!)).toBe(false)
  })

  test('that is cancelled while it starts is ended', async () => {
    const { log, entries } = recordingLog()
    const cancel = new AbortController()
    const started = startFront(options('never-ready', { log, signal: cancel.signal }))
    const cancelled = expect(started).rejects.toMatchObject({ code: 'cancelled' })
    const pid = await waitFor(() => pidIn(entries), { what: 'the front to be running' })
    expect(isAlive(pid)).toBe(true)
    cancel.abort()
    await cancelled
    expect(isAlive(pid)).toBe(false)
  })

  test('that dies while it is asked says so, in the answer and in `closed`', async () => {
    const front = await start('dies-later')
    await expect(front.status()).rejects.toMatchObject({ code: 'front-died' })
    expect(await front.closed).toMatchObject({
      exitCode: 7,
      error: { code: 'front-died', args: { exitCode: 7 } },
    })
  })

  test('that is killed from outside says by which signal', async () => {
    const front = await start('good')
    process.kill(front.pid, 'SIGKILL')
    expect(await front.closed).toMatchObject({
      signal: 'SIGKILL',
      error: new AppError('front-died', { signal: 'SIGKILL' }),
    })
  })

  const stubborn = [
    { manner: 'deaf', signal: 'SIGTERM', terminateMs: 20_000 },
    { manner: 'undying', signal: 'SIGKILL', terminateMs: 200 },
  ]
  test.each(stubborn)('that is $manner ends by $signal', async ({ manner, signal, terminateMs }) => {
    const front = await start(manner, { stopLimits: { shutdownMs: 200, terminateMs } })
    await Promise.all([front.stop(), front.stop()])
    expect(await front.closed).toEqual({ exitCode: null, signal })
  })

  test('makes the folder of its control socket for this user alone', async () => {
    const controlSocketPath = controlSocketPathOf(join(temp.dir, 'run'), 'd1')
    await start('good', { config: { ...options('good').config, controlSocketPath } })
    expect((await stat(join(temp.dir, 'run'))).mode & 0o777).toBe(0o700)
  })
})

/** The process id of a front that has written anything to stderr. */
function pidIn(entries: readonly string[]): number | undefined {
  const pid = entries.map((entry) => /"pid":(\d+)/.exec(entry)?.[1]).find((found) => found !== undefined)
  return pid === undefined ? undefined : Number(pid)
}

describe('a front of another process', () => {
  async function started(manner: string): Promise<string> {
    const controlSocketPath = controlSocketPathOf(temp.dir, 'd1')
    await start(manner, { config: { ...options(manner).config, controlSocketPath } })
    await waitFor(() => stat(controlSocketPath).catch(() => undefined), { what: 'the control socket' })
    return controlSocketPath
  }
  async function connected(path: string, timeoutMs = 5_000): Promise<FrontConnection> {
    const connection = await connectFront(path, { timeoutMs })
    if (connection === undefined) throw new Error('nobody listens')
    return cleanup.use(connection)
  }

  test('answers for its status on its control socket', async () => {
    const connection = await connected(await started('good'))
    expect(await connection.status()).toMatchObject({ driveId: 'd1' })
  })

  test.each([true, false])('reports events once watched (with requests: %s)', async (requests) => {
    const connection = await connected(await started('good'))
    const events: FrontEvent[] = []
    connection.watch((event) => events.push(event), { requests })
    await waitFor(() => events.length > 0, { what: 'an event' })
    expect(events).toEqual([{ type: 'stalled', operation: requests ? 'with requests' : 'without requests' }])
  })

  test('ends when told to', async () => {
    const path = await started('good')
    const connection = await connected(path)
    await connection.shutdown()
    await within(connection.closed, 'the connection to close')
    // The process closes the connection before it closes the socket itself.
    const isGone = async () => (await connectFront(path)) === undefined
    await waitFor(isGone, { what: 'the control socket to be deserted' })
  })

  test('lists its uploads, and takes what is to become of one of them', async () => {
    const connection = await connected(await started('good'))
    expect((await connection.uploads()).uploads).toMatchObject([{ id: 7, state: 'waiting' }])
    await connection.retryUpload(7)
    await connection.discardUpload(7)
    await connection.exportUpload(7, '/somewhere/report.txt')
  })

  test('hears that the machine has slept, before it answers what is asked next', async () => {
    const connection = await connected(await started('good'))
    connection.wake()
    expect((await connection.status()).health).toBe('slow')
  })

  test('answers for each upload by its own number', async () => {
    const connection = await connected(await started('good'))
    const unknown = { code: 'upload-unknown', args: { id: 8 } }
    const [seven, eight] = await Promise.allSettled([connection.retryUpload(7), connection.retryUpload(8)])
    expect(seven).toMatchObject({ status: 'fulfilled' })
    expect(eight).toMatchObject({ status: 'rejected', reason: unknown })
    await expect(connection.discardUpload(8)).rejects.toMatchObject(unknown)
  })

  test('that does not answer is a front-timeout', async () => {
    const connection = await connected(await started('mute'), 200)
    await expect(connection.status()).rejects.toMatchObject({
      code: 'front-timeout',
      args: { timeoutMs: 200 },
    })
  })

  test('is undefined where there is no socket', async () => {
    expect(await connectFront(join(temp.dir, 'none.sock'))).toBeUndefined()
  })

  test('is refused where the socket path is longer than the system allows', async () => {
    const path = join('/tmp', 'x'.repeat(maxSocketPathBytes))
    await expect(connectFront(path)).rejects.toMatchObject({ code: 'state-dir-unusable', args: { path } })
  })
})

describe('what a front that is gone has left', () => {
  test('is deleted, files and folders alike', async () => {
    const socketPath = controlSocketPathOf(temp.dir, 'stale')
    await leaveSocketBehind(socketPath)
    const cacheDir = join(temp.dir, 'cache')
    await mkdir(join(cacheDir, 'blocks'), { recursive: true })
    await discardTraces([cacheDir, socketPath, join(temp.dir, 'never-was')], silentLogger)
    for (const path of [cacheDir, socketPath]) {
      await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
    }
  })

  test('and cannot be deleted stays, for the log to tell', async () => {
    const { log, entries } = recordingLog()
    const path = join(temp.dir, 'file')
    await writeFile(path, 'no folder')
    await discardTraces([join(path, 'below')], log)
    expect(entries).toEqual([expect.stringContaining('front not deleted')])
  })
})

/** The socket of a front that was killed: it could not remove it. */
async function leaveSocketBehind(controlSocketPath: string): Promise<void> {
  const front = await startFront(
    options('good', { config: { ...options('good').config, controlSocketPath } }),
  )
  await waitFor(() => stat(controlSocketPath).catch(() => undefined), { what: 'the control socket' })
  process.kill(front.pid, 'SIGKILL')
  await front.closed
}

test('the real front starts, serves a folder, and is reached on its control socket', async () => {
  const controlSocketPath = controlSocketPathOf(join(temp.dir, 'run'), 'd1')
  await writeFile(join(temp.dir, 'a.txt'), 'hello')
  const config = { ...options('Real').config, port: 0, controlSocketPath, stateDir: join(temp.dir, 'state') }
  const front = await start('Real', { entryPath: realFrontPath, config })

  expect(await (await fetch(new URL('a.txt', front.url))).text()).toBe('hello')
  await using connection = await connectFront(controlSocketPath)
  expect(await connection?.status()).toMatchObject({ driveName: 'Real', url: front.url, pid: front.pid })
  await front.stop()
  expect(await front.closed).toEqual({ exitCode: 0, signal: null })
})
