import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { systemClock } from '../../src-main/lib/clock.ts'
import { silentLogger } from '../../src-main/lib/logger.ts'
import { createVitals } from '../../src-main/services/vitals/create-vitals.ts'
import { isFileEvent, type FileEvent } from '../../src-main/services/vitals/sync/file-events.ts'
import { FakeMetrics } from '../fakes/fake-metrics.ts'
import { FakeObjectStore } from '../fakes/fake-object-store.ts'
import { davClient, type Dav } from '../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../harness/front.ts'
import { waitFor } from '../harness/wait-for.ts'

let front: TestFront
let dav: Dav

async function start(writeMode: 'queued' | 'write-through'): Promise<void> {
  front = await startTestFront({ config: { writeMode } })
  dav = davClient(front)
}

beforeEach(() => start('queued'))
afterEach(() => front.stop())

function told(): FileEvent[] {
  return front.events.filter(isFileEvent)
}

/** Type and path of all that was told of files. */
function tale(): string[] {
  return told().map((event) => `${event.type} ${'path' in event ? event.path : `${event.from} ${event.to}`}`)
}

async function toldOf(what: string): Promise<void> {
  await waitFor(() => tale().includes(what), { what })
}

function destination(path: string): { readonly headers: Readonly<Record<string, string>> } {
  return { headers: { Destination: front.url + path } }
}

test('a front tells when a file was saved, and when the backend has it', async () => {
  await dav('PUT', 'a%20b.txt', { body: 'text' })
  await toldOf('delivered /a b.txt')
  const [saved, delivered] = told()
  expect(tale()).toEqual(['saved /a b.txt', 'delivered /a b.txt'])
  expect(saved).toMatchObject({ size: 4, id: expect.any(Number) as number })
  if (saved?.type !== 'saved' || delivered?.type !== 'delivered') throw new Error('not told so')
  expect(delivered).toMatchObject({ id: saved.id, size: 4, savedMs: saved.atMs })
  expect(delivered.atMs).toBeGreaterThanOrEqual(saved.atMs)
})

test('a front that hands each save through tells of the delivery alone', async () => {
  await front.stop()
  await start('write-through')
  await dav('PUT', 'a.txt', { body: 'text' })
  await toldOf('delivered /a.txt')
  expect(tale()).toEqual(['delivered /a.txt'])
})

test('what a client renames and removes is told, a folder by one word', async () => {
  await dav('MKCOL', 'd')
  await dav('PUT', 'd/a.txt', { body: 'text' })
  await toldOf('delivered /d/a.txt')
  await dav('MOVE', 'd', destination('e'))
  await dav('DELETE', 'e')
  await toldOf('removed /e')
  expect(tale().slice(2)).toEqual(['moved /d /e', 'removed /e'])
})

test('what a client asks for in vain is not told', async () => {
  await dav('DELETE', 'nothing')
  await dav('MOVE', 'nothing', destination('else'))
  await dav('PUT', 'a.txt', { body: 'text' })
  await toldOf('delivered /a.txt')
  expect(tale()).toEqual(['saved /a.txt', 'delivered /a.txt'])
})

test('Finder’s own files never reach the bucket, and nothing is told of them', async () => {
  await dav('PUT', '.DS_Store', { body: 'Finder' })
  await dav('PUT', '._a.txt', { body: 'Finder' })
  await dav('PUT', 'a.txt', { body: 'text' })
  await toldOf('delivered /a.txt')
  expect(tale()).toEqual(['saved /a.txt', 'delivered /a.txt'])
})

test('answers are counted by how long they took', async () => {
  await dav('PUT', 'a.txt', { body: 'text' })
  const { latencyCounts = [], requests } = await front.counters()
  expect(latencyCounts.reduce((sum, count) => sum + count, 0)).toBe(requests)
})

test('a file that is saved to a Sandbox arrives in its simulated bucket, and the whole way is told', async () => {
  const bucketDir = join(front.stateDir, 'bucket')
  await mkdir(bucketDir)
  using vitals = createVitals({
    objects: new FakeObjectStore(systemClock),
    metrics: new FakeMetrics(),
    clock: systemClock,
    log: silentLogger,
    quietMs: 50,
  })
  const objects = { kind: 'simulated', sourceDir: front.rootDir, bucketDir } as const
  const drive = vitals.watch({ driveId: 'sandbox', objects })
  const recent: string[] = []
  drive.recent.on(({ what, path }) => recent.push(`${what} ${path}`))
  let heard = front.events.length
  const hearMore = (): void => {
    for (const event of front.events.slice(heard)) drive.hear(event)
    heard = front.events.length
  }
  await dav('PUT', 'a.txt', { body: 'text' })
  const hasArrived = (): boolean => {
    hearMore()
    return recent.includes('in-s3 /a.txt')
  }
  await waitFor(hasArrived, { what: 'the file to arrive in the bucket' })
  expect(await readFile(join(bucketDir, 'a.txt'), 'utf8')).toBe('text')
  expect(drive.view().sync).toMatchObject({ pending: 0, isSimulated: true })
})
