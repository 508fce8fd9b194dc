import { expect, test } from 'vitest'

import { FakeClock } from '../../../fakes/fake-clock.ts'
import { mountSimulatedVolume } from '../../../harness/webdavfs/mount.ts'
import type { SimulatedVolume } from '../../../harness/webdavfs/volume.ts'
import { startModelServer } from './model-server.ts'

const wire = (volume: SimulatedVolume): string[] =>
  volume.report().requests.map(({ method, path, status }) => `${method} ${path} ${status}`)

test('mounting asks OPTIONS, the root and the quota, in this order', async () => {
  await using server = await startModelServer()
  await using volume = await mountSimulatedVolume({ url: server.url, netfs: true })
  expect(wire(volume)).toEqual(['OPTIONS /v/ 200', 'OPTIONS /v/ 200', 'PROPFIND /v/ 207', 'PROPFIND /v/ 207'])
  expect(volume.report().events).toEqual([])
})

test('a copy from Finder is the look-ups, an empty PUT, LOCK, a chunked PUT and UNLOCK', async () => {
  await using server = await startModelServer()
  await using volume = await mountSimulatedVolume({ url: server.url })
  volume.resetReport()
  await volume.copyIn('/photo.jpg', Buffer.alloc(200_000, 'x'))
  expect(wire(volume)).toEqual([
    'PROPFIND /v/photo.jpg 404',
    'PROPFIND /v/._photo.jpg 404',
    'PROPFIND /v/photo.jpg 404',
    'PUT /v/photo.jpg 201',
    'LOCK /v/photo.jpg 200',
    'PUT /v/photo.jpg 204',
    'UNLOCK /v/photo.jpg 204',
    'PROPFIND /v/ 207',
  ])
  const upload = volume.report().requests[5]
  expect(upload?.requestHeaders).toMatchObject({
    'X-Expected-Entity-Length': '200000',
    'Transfer-Encoding': 'chunked',
    If: '(<opaquelocktoken:1>)',
  })
  expect(server.entries.get('/photo.jpg')?.bytes?.length).toBe(200_000)
  expect(volume.report().events).toEqual([])
})

test('all gestures leave the right bytes and nothing to report', async () => {
  await using server = await startModelServer({ '/a.txt': 'old', '/sub': null, '/sub/b.txt': 'b' })
  await using volume = await mountSimulatedVolume({ url: server.url })
  await volume.settleIn()
  expect(await volume.openFolder('/', { previews: true })).toEqual(['a.txt', 'sub'])
  await volume.saveInPlace('/a.txt', Buffer.from('saved in place'))
  expect(server.text('/a.txt')).toBe('saved in place')
  await volume.atomicSave('/a.txt', Buffer.from('saved atomically'))
  expect(server.text('/a.txt')).toBe('saved atomically')
  await volume.cpIn('/c.txt', Buffer.from('cp'), { xattrs: { 'com.apple.provenance': Buffer.from([1, 2]) } })
  expect(server.text('/c.txt')).toBe('cp')
  expect(await volume.getxattr('/c.txt', 'com.apple.provenance')).toEqual(Buffer.from([1, 2]))
  await volume.duplicate('/c.txt', '/c copy.txt')
  expect(server.text('/c copy.txt')).toBe('cp')
  expect(await volume.copyOut('/c copy.txt')).toEqual(Buffer.from('cp'))
  await volume.rename('/c.txt', '/sub/moved.txt')
  expect(server.text('/sub/moved.txt')).toBe('cp')
  expect(server.entries.has('/sub/._moved.txt')).toBe(true)
  await volume.newFolder('/sub/new')
  await volume.deleteTree('/sub')
  expect([...server.entries.keys()].filter((path) => path.startsWith('/sub'))).toEqual([])
  expect(volume.report().events).toEqual([])
})

test('attributes are asked for again after 60 s and not before', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer({ '/a.txt': 'a' })
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  await volume.stat('/a.txt')
  volume.resetReport()
  await clock.advance(59_000)
  await volume.stat('/a.txt')
  expect(wire(volume)).toEqual([])
  await clock.advance(2_000)
  await volume.stat('/a.txt')
  expect(wire(volume)).toEqual(['PROPFIND /v/a.txt 207'])
})

test('a copy validated within 60 s is opened without a request, later with If-Modified-Since', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer({ '/a.txt': 'a' })
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  await volume.readFile('/a.txt')
  volume.resetReport()
  await volume.readFile('/a.txt')
  expect(wire(volume)).toEqual([])
  await clock.advance(61_000)
  expect((await volume.readFile('/a.txt')).toString()).toBe('a')
  expect(wire(volume)).toEqual(['GET /v/a.txt 304'])
})

test('a preview that is closed early is resumed with If-Range by the next reader', async () => {
  const content = Buffer.alloc(4_000_000, 'content ')
  await using server = await startModelServer({ '/big.bin': content })
  await using volume = await mountSimulatedVolume({ url: server.url })
  await volume.quickLook('/big.bin')
  expect(await volume.readFile('/big.bin')).toEqual(content)
  const gets = volume.report().requests.filter(({ method }) => method === 'GET')
  expect(gets.map(({ status }) => status)).toEqual([200, 206])
  expect(gets[1]?.requestHeaders).toHaveProperty('If-Range')
  expect(volume.report().events).toEqual([])
})

test('a lock of an open file is refreshed every 300 s with its token and no body', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer({ '/a.txt': 'a' })
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  const handle = await volume.open('/a.txt', { write: true })
  const refreshes = () => volume.report().requests.filter(({ thread }) => thread === 'pulse')
  await clock.advance(299_000)
  expect(refreshes()).toEqual([])
  await clock.advance(2_000)
  await expect
    .poll(refreshes)
    .toMatchObject([{ method: 'LOCK', status: 200, requestHeaders: { If: '(<opaquelocktoken:1>)' } }])
  await handle.close()
})

test('an absent name is not asked for again until its directory changes', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer({ '/a.txt': 'a' })
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  await expect(volume.stat('/later.txt')).rejects.toMatchObject({ errno: 'ENOENT' })
  volume.resetReport()
  server.put('/later.txt', 'here now')
  await clock.advance(5_000)
  await expect(volume.stat('/later.txt')).rejects.toMatchObject({ errno: 'ENOENT' })
  expect(wire(volume)).toEqual([])
  await clock.advance(60_000)
  expect(await volume.stat('/later.txt')).toMatchObject({ size: 8 })
  expect(wire(volume)).toEqual(['PROPFIND /v/ 207', 'PROPFIND /v/later.txt 207'])
})
