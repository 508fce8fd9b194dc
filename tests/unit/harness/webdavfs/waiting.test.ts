import type { ServerResponse } from 'node:http'

import { expect, test } from 'vitest'

import { FakeClock } from '../../../fakes/fake-clock.ts'
import { waitFor } from '../../../harness/wait-for.ts'
import { mountSimulatedVolume } from '../../../harness/webdavfs/mount.ts'
import type { ModelServer } from './model-server.ts'
import { startModelServer } from './model-server.ts'

/** GETs get their first 20,000 bytes and then nothing until `release`. */
function crawl(server: ModelServer): { release: () => void } {
  const held: ServerResponse[] = []
  server.manners.intercept = (request, response) => {
    if (request.method !== 'GET') return false
    response.writeHead(200, { 'Content-Length': 40_000, 'Last-Modified': 'Thu, 01 Jan 2026 00:00:01 GMT' })
    response.write(Buffer.alloc(20_000))
    held.push(response)
    return true
  }
  return { release: () => held.forEach((response) => response.end(Buffer.alloc(20_000))) }
}

const fiveFiles = Object.fromEntries(
  [1, 2, 3, 4, 5].map((number) => [`/${number}.bin`, Buffer.alloc(40_000)]),
)

test('five crawling downloads freeze the volume for everyone', async () => {
  await using server = await startModelServer(fiveFiles)
  await using volume = await mountSimulatedVolume({ url: server.url })
  const { release } = crawl(server)
  const handles = await Promise.all(Object.keys(fiveFiles).map((path) => volume.open(path)))
  expect(volume.busyThreads).toBe(5)
  const listing = volume.readdir('/')
  // Another client gets its listing: only this one has no thread left to ask with.
  await fetch(server.url, { method: 'PROPFIND', headers: { Depth: '1' } })
  expect(volume.report().requests.filter(({ requestHeaders }) => requestHeaders['Depth'] === '1')).toEqual([])
  release()
  expect(await listing).toHaveLength(5)
  expect(volume.report().waiting.queuedCalls).toBeGreaterThan(0)
  await Promise.all(handles.map((handle) => handle.close()))
})

test('a Finder copy that finds all threads taken fails after 5 s', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer(fiveFiles)
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  const handle = await volume.open('/new.bin', { write: true, create: true })
  const { release } = crawl(server)
  const readers = await Promise.all(Object.keys(fiveFiles).map((path) => volume.open(path)))
  const start = expect(handle.beginSequential(10)).rejects.toMatchObject({ errno: 'EIO' })
  await clock.advance(5_000)
  await start
  release()
  await Promise.all([...readers, handle].map((one) => one.close()))
})

test('a call that gets no answer ends after 90 s and is reported as a hang', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer({ '/a.txt': 'a' })
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  server.manners.intercept = ({ method }) => method === 'PROPFIND'
  const listing = expect(volume.readdir('/')).rejects.toMatchObject({ errno: 'ETIMEDOUT' })
  await clock.advance(90_000)
  await listing
  expect(volume.report().events).toMatchObject([
    { kind: 'hang', operation: 'readdir' },
    { kind: 'error-shown' },
  ])
  expect(volume.report().waiting.longestMs).toBe(90_000)
})

test('an fsync waits for ever', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer({ '/a.txt': 'a' })
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  const handle = await volume.open('/a.txt', { write: true })
  await handle.write(Buffer.from('b'), 0)
  const held: ServerResponse[] = []
  server.manners.intercept = ({ method }, response) => method === 'PUT' && held.push(response) > 0
  const synced = handle.fsync()
  await waitFor(() => held.length > 0, { what: 'the PUT' })
  await clock.advance(200_000)
  held[0]?.writeHead(204, { 'Last-Modified': 'Thu, 01 Jan 2026 00:00:09 GMT' }).end()
  await synced
  expect(volume.report().events).toEqual([])
})

test('a server that stops reading a Finder copy for 30 s ends it', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer()
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  const handle = await volume.open('/new.bin', { write: true, create: true })
  let isStuck = false
  server.manners.intercept = (request) => {
    if (request.headers['x-expected-entity-length'] === undefined) return false
    request.pause()
    isStuck = true
    return true
  }
  const bytes = Buffer.alloc(50_000_000)
  await handle.beginSequential(bytes.length)
  const write = expect(handle.writeSequential(bytes)).rejects.toMatchObject({ errno: 'ETIMEDOUT' })
  await waitFor(() => isStuck, { what: 'the upload to arrive' })
  // The system's socket buffers take a few megabytes first; then a step waits, and only its own timer is pending.
  let steps = -1
  await waitFor(() => steps === (steps = handle.sequentialBytes), {
    what: 'the upload to stand still',
    everyMs: 200,
  })
  await clock.advance(30_000)
  await write
  handle.cancelSequential()
  await handle.close()
})

test('a refresh that fails loses the lock, and the later PUT goes without it', async () => {
  const clock = new FakeClock()
  await using server = await startModelServer({ '/a.txt': 'a' })
  await using volume = await mountSimulatedVolume({ url: server.url, clock })
  const handle = await volume.open('/a.txt', { write: true })
  server.manners.refreshes = 'refused'
  await clock.advance(300_000)
  await expect.poll(() => volume.report().events).toContainEqual({ kind: 'lock-lost', path: '/a.txt' })
  await handle.write(Buffer.from('b'), 0)
  await handle.close()
  const put = volume.report().requests.find(({ method }) => method === 'PUT')
  expect(put?.requestHeaders).not.toHaveProperty('If')
})
