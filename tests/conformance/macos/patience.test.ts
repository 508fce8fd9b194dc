import { describe, expect, test } from 'vitest'

import type { ErrorCode } from '../../../src-main/shared/errors.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import type { BackendMethod } from '../../fakes/memory-backend.ts'
import { waitFor } from '../../harness/wait-for.ts'
import type { SimulatedVolume } from '../../harness/webdavfs/volume.ts'
import { expectClean, mountDrive } from './macos-drive.ts'
import { mountMemoryDrive } from './memory-drive.ts'
import { passTime } from './pass-time.ts'

const never = new Promise<never>(() => undefined)

describe('mounting', () => {
  test('does not hang for quota, costs no backend call, and is read-write', async () => {
    await using drive = await mountDrive()
    expectClean(drive.volume)
    expect(drive.volume.isReadOnly).toBe(false)
    expect((await drive.front.counters()).backendCalls).toBe(0)
  })

  test('works while the backend answers nothing at all, and the recovery OPTIONS does too', async () => {
    await using drive = await mountMemoryDrive()
    drive.backend.scriptEveryCall({ before: never })
    await drive.volume.stat('/')
    const answer = await fetch(drive.url, { method: 'OPTIONS' })
    expect([answer.status, answer.headers.get('dav')]).toEqual([200, '1, 2, 3'])
    expectClean(drive.volume)
    expect(drive.backend.totalCalls).toBe(0)
  })
})

describe('a transient fault is held and never answered', () => {
  test.each<readonly [string, (volume: SimulatedVolume) => Promise<unknown>]>([
    ['a look-up', (volume) => volume.stat('/folder/a.txt')],
    ['a listing', (volume) => volume.readdir('/folder')],
    ['a read', (volume) => volume.readFile('/folder/a.txt')],
    ['the look-up of a create', (volume) => volume.writeFile('/folder/new.txt', Buffer.from('x'))],
  ])('in %s', async (_title, run) => {
    const frontClock = new FakeClock()
    await using drive = await mountMemoryDrive({ frontClock })
    drive.backend.put('/folder/a.txt', 'content')
    const faults = Array.from({ length: 3 }, () => ({ error: 'stalled' as const }))
    for (const method of ['stat', 'list', 'read'] as const) drive.backend.script(method, ...faults)
    await passTime(frontClock, run(drive.volume))
    expectClean(drive.volume)
    expect(drive.backend.totalCalls).toBeGreaterThanOrEqual(4)
  })
})

describe('whatever the backend fails with, the client gets an answer it understands', () => {
  const codes: readonly ErrorCode[] = [
    'not-found',
    'parent-missing',
    'not-a-directory',
    'is-a-directory',
    'already-exists',
    'permission-denied',
    'read-only',
    'outside-root',
    'no-space',
    'busy',
    'stalled',
    'backend-failed',
    'unexpected',
  ]
  const operations: readonly (readonly [BackendMethod, (volume: SimulatedVolume) => Promise<unknown>])[] = [
    ['list', (volume) => volume.readdir('/folder')],
    ['list', (volume) => volume.stat('/folder/a.txt')],
    ['read', (volume) => volume.readFile('/folder/a.txt')],
    ['write', (volume) => volume.writeFile('/folder/a.txt', Buffer.from('x'), { fsync: true })],
    ['makeDirectory', (volume) => volume.mkdir('/folder/new')],
    ['move', (volume) => volume.rename('/folder/a.txt', '/folder/b.txt')],
    ['remove', (volume) => volume.unlink('/folder/a.txt')],
  ]
  const cases = operations.flatMap(([method, run], index) =>
    codes.map((code) => ({ method, code, run, index })),
  )

  test.each(cases)('$method, $code ($index)', async ({ method, code, run }) => {
    const frontClock = new FakeClock()
    await using drive = await mountMemoryDrive({ frontClock })
    drive.backend.put('/folder/a.txt', 'content')
    drive.backend.script(method, ...Array.from({ length: 40 }, () => ({ error: code })))
    await passTime(frontClock, run(drive.volume)).catch(() => undefined)
    const statuses = drive.volume.report().requests.map(({ status }) => status)
    const understood = [200, 201, 204, 206, 207, 304, 403, 404, 413, 423, 507]
    expect(statuses.filter((status) => !understood.includes(status))).toEqual([])
    expect(drive.volume.report().events.map(({ kind }) => kind)).not.toContain('down')
    // The file is there: only a backend that says so itself may make it look as if it were not.
    if (!['not-found', 'not-a-directory', 'parent-missing'].includes(code) && method !== 'list') {
      expect(drive.volume.report().events.map(({ kind }) => kind)).not.toContain('vanished')
    }
  })
})

test('five downloads that wait for the backend leave OPTIONS answered, and all end well when it comes back', async () => {
  await using drive = await mountMemoryDrive()
  const paths = [1, 2, 3, 4, 5].map((number) => `/${number}.bin`)
  for (const path of paths) drive.backend.put(path, path.repeat(10_000))
  await drive.volume.readdir('/')
  const { promise: awake, resolve: wake } = Promise.withResolvers<undefined>()
  drive.backend.script('read', ...paths.map(() => ({ before: awake })))
  const reads = paths.map((path) => drive.volume.readFile(path))
  await waitFor(() => drive.volume.busyThreads === 5, { what: 'all threads to wait' })
  const listing = drive.volume.readdir('/')
  expect((await fetch(drive.url, { method: 'OPTIONS' })).status).toBe(200)
  wake(undefined)
  expect((await Promise.all(reads)).map(String)).toEqual(paths.map((path) => path.repeat(10_000)))
  expect(await listing).toHaveLength(5)
  expectClean(drive.volume)
})

describe('the listener', () => {
  test('keeps an idle connection longer than the client trusts it', async () => {
    await using drive = await mountDrive()
    const answer = await fetch(drive.front.url, { method: 'OPTIONS' })
    const seconds = Number(/timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '')?.[1])
    expect(seconds).toBeGreaterThanOrEqual(60)
  })

  test('that restarts between two calls is not noticed', async () => {
    await using drive = await mountDrive()
    await drive.volume.writeFile('/a.txt', Buffer.from('a'))
    await drive.front.restart()
    expect(await drive.volume.readdir('/')).toEqual(['a.txt'])
    expectClean(drive.volume)
  })

  test('that is killed and comes back on its port heals the volume, open files included', async () => {
    const clock = new FakeClock()
    await using drive = await mountDrive({ clock })
    const { front, volume } = drive
    await volume.writeFile('/a.txt', Buffer.from('a'))
    const handle = await volume.open('/a.txt', { write: true })
    await handle.write(Buffer.from('changed while the front was away'), 0)
    await front.kill9()
    await expect(volume.readdir('/')).rejects.toMatchObject({ errno: 'ETIMEDOUT' })
    await front.restart()
    await waitFor(() => clock.advance(1_000).then(() => !volume.isDown), {
      what: 'the volume to be up again',
    })
    volume.resetReport()
    await handle.fsync()
    await handle.close()
    expect((await volume.readFile('/a.txt')).toString()).toBe('changed while the front was away')
    expect(await volume.readdir('/')).toEqual(['a.txt'])
    expectClean(volume)
  })
})
