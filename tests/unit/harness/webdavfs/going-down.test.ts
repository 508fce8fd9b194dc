import { expect, test } from 'vitest'

import { FakeClock } from '../../../fakes/fake-clock.ts'
import { waitFor } from '../../../harness/wait-for.ts'
import { mountSimulatedVolume } from '../../../harness/webdavfs/mount.ts'
import { startModelServer } from './model-server.ts'

test('one refused connection takes the volume down; it comes back by itself, but what was looked up meanwhile stays lost', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer({ '/a.txt': 'a', '/b.txt': 'b' })
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  await server.stop()

  await expect(volume.stat('/a.txt')).rejects.toMatchObject({ errno: 'ENOENT' })
  await expect(volume.readdir('/')).rejects.toMatchObject({ errno: 'ETIMEDOUT' })
  await expect(volume.stat('/b.txt')).rejects.toMatchObject({ errno: 'ENOENT' })
  expect(volume.isDown).toBe(true)

  await server.start()
  await waitFor(() => clock.advance(1_000).then(() => !volume.isDown), { what: 'the volume to be up' })
  await expect(volume.stat('/b.txt')).rejects.toMatchObject({ errno: 'ENOENT' })
  const kinds = volume.report().events.map(({ kind }) => kind)
  expect(kinds).toEqual(['down', 'vanished', 'error-shown', 'vanished', 'up'])
})

test('the recovery OPTIONS come after 0, 1, 2, 4, 8, 12 and 12 s', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer()
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  server.manners.intercept = (request) => {
    request.socket.resetAndDestroy()
    return true
  }
  await volume.stat('/x').catch(() => undefined)
  const pings = () => volume.report().requests.filter(({ thread }) => thread === 'pulse').length
  const pingsAtSecond: number[] = []
  for (let second = 0; second <= 39; second++) {
    await clock.advance(second === 0 ? 0 : 1_000)
    // A ping that has been sent fails by its own reset; the next one is planned from there.
    await waitFor(() => clock.pendingCount > 0, { what: 'the next ping to be planned' })
    while (pingsAtSecond.length < pings()) pingsAtSecond.push(second)
  }
  expect(pingsAtSecond).toEqual([0, 1, 3, 7, 15, 27, 39])
})

test('with -S a volume that goes down is dead', async () => {
  await using server = await startModelServer({ '/a.txt': 'a' })
  await using volume = await mountSimulatedVolume({ url: server.url, suppressDialogs: true })
  await server.stop()
  await volume.stat('/a.txt').catch(() => undefined)
  await server.start()
  await expect(volume.readdir('/')).rejects.toMatchObject({ errno: 'ENXIO' })
  expect(volume.report().events).toContainEqual({ kind: 'volume-dead' })
})

test('a keep-alive connection the server has closed is replaced in silence', async () => {
  await using server = await startModelServer()
  await using volume = await mountSimulatedVolume({ url: server.url })
  let isFirst = true
  server.manners.intercept = (request) => {
    if (!isFirst) return false
    isFirst = false
    request.socket.destroy()
    return true
  }
  await volume.readdir('/')
  expect(volume.report().events).toEqual([])
  expect(
    volume
      .report()
      .requests.slice(-2)
      .map(({ status }) => status),
  ).toEqual([0, 207])
})

test('a download that breaks off after its first page is an error of that file alone', async () => {
  await using server = await startModelServer({ '/big.bin': Buffer.alloc(4_000_000), '/a.txt': 'a' })
  await using volume = await mountSimulatedVolume({ url: server.url })
  server.manners.intercept = (request, response) => {
    if (request.method !== 'GET' || request.url !== '/v/big.bin') return false
    response.writeHead(200, {
      'Content-Length': 4_000_000,
      'Last-Modified': 'Thu, 01 Jan 2026 00:00:01 GMT',
    })
    response.write(Buffer.alloc(100_000), () => request.socket.resetAndDestroy())
    return true
  }
  await expect(volume.readFile('/big.bin')).rejects.toMatchObject({ errno: 'EIO' })
  expect((await volume.readFile('/a.txt')).toString()).toBe('a')
  expect(volume.report().events).toMatchObject([{ kind: 'error-shown', operation: 'read', path: '/big.bin' }])
})

test('an answer that is not HTTP keeps programs waiting until the server is well again', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer({ '/a.txt': 'a' })
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  server.manners.intercept = (request) => {
    if (request.method !== 'PROPFIND') return false
    request.socket.end('what?\r\n\r\n')
    server.manners.intercept = () => false
    return true
  }
  const listing = volume.readdir('/')
  await waitFor(() => volume.isDown, { what: 'the volume to be down' })
  await waitFor(() => clock.advance(2_000).then(() => !volume.isDown), { what: 'the volume to be up' })
  await clock.advance(2_000)
  expect(await listing).toEqual(['a.txt'])
})

test('a Finder copy whose connection is lost shows an error and leaves the volume up', async () => {
  await using server = await startModelServer()
  await using volume = await mountSimulatedVolume({ url: server.url })
  server.manners.intercept = (request) => {
    if (request.headers['x-expected-entity-length'] === undefined) return false
    request.socket.destroy()
    return true
  }
  await expect(volume.copyIn('/new.bin', Buffer.alloc(20_000_000))).rejects.toMatchObject({ errno: 'EIO' })
  expect(volume.report().events).toContainEqual({
    kind: 'error-shown',
    operation: 'copy in',
    path: '/new.bin',
    errno: 'EIO',
  })
})
