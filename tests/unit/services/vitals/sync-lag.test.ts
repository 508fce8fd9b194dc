import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { silentLogger } from '../../../../src-main/lib/logger.ts'
import { createVitals } from '../../../../src-main/services/vitals/create-vitals.ts'
import type { ExportFacts } from '../../../../src-main/services/vitals/ports.ts'
import type { ObjectsPlace, Vitals, WatchedDrive } from '../../../../src-main/services/vitals/vitals.ts'
import type { RecentFile } from '../../../../src-main/shared/app/snapshot.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { FakeMetrics } from '../../../fakes/fake-metrics.ts'
import { FakeObjectStore } from '../../../fakes/fake-object-store.ts'

const second = 1_000
const minute = 60_000
const inS3: ObjectsPlace = {
  kind: 's3',
  fileSystemId: 'fs-1',
  bucket: 'photos',
  keyPrefix: 'team/',
  region: 'eu-central-1',
  profile: 'work',
}

let clock: FakeClock
let bucket: FakeObjectStore
let vitals: Vitals
let drive: WatchedDrive
let recent: RecentFile[]
let exports: Map<string, ExportFacts | AppError>
let exportsAsked: string[]
let nextId: number

beforeEach(() => {
  clock = new FakeClock()
  bucket = new FakeObjectStore(clock)
  vitals = createVitals({ objects: bucket, metrics: new FakeMetrics(), clock, log: silentLogger })
  exports = new Map()
  exportsAsked = []
  recent = []
  nextId = 1
  drive = watch(inS3)
})
afterEach(() => vitals[Symbol.dispose]())

function watch(objects: ObjectsPlace, driveId = 'd1'): WatchedDrive {
  const watched = vitals.watch({
    driveId,
    objects,
    exportStatusOf: (path) => {
      exportsAsked.push(path)
      const told = exports.get(path)
      return told instanceof AppError ? Promise.reject(told) : Promise.resolve(told)
    },
  })
  watched.recent.on((file) => recent.push(file))
  return watched
}

/** A client saves a file, which is at S3 Files a second later. */
async function save(path: string, size = 3, to = drive): Promise<void> {
  const id = nextId++
  const savedMs = clock.now()
  to.hear({ type: 'saved', id, path, size, atMs: savedMs })
  await clock.advance(second)
  to.hear({ type: 'delivered', id, path, size, savedMs, atMs: clock.now() })
}

function asked(): string[] {
  return bucket.asked.map(({ what }) => what)
}

test('a file is looked for after the quiet minute, and its lag is that of its object', async () => {
  await save('/a.txt')
  expect(drive.view().sync).toEqual({
    lastLagMs: undefined,
    pending: 1,
    oldestMs: second,
    isSimulated: false,
  })
  await clock.advance(61 * second)
  expect(asked()).toEqual([])
  bucket.put('team/a.txt', 3)
  await clock.advance(10 * second)
  expect(asked()).toEqual(['head team/a.txt'])
  expect(drive.view().sync).toMatchObject({ lastLagMs: 62 * second, pending: 0, oldestMs: 0 })
  expect(recent.map(({ what }) => what)).toEqual(['saved', 'delivered', 'in-s3'])
  expect(recent.at(-1)).toMatchObject({ driveId: 'd1', path: '/a.txt' })
  await clock.advance(60 * minute)
  expect(asked()).toHaveLength(1)
})

test('the lag is right however far the clocks of S3 and this machine are apart', async () => {
  bucket.aheadMs = 40 * minute
  await save('/a.txt')
  await clock.advance(64 * second)
  bucket.put('team/a.txt', 3)
  await clock.advance(60 * second)
  expect(drive.view().sync).toMatchObject({ lastLagMs: 65 * second, pending: 0 })
})

test('what was there before does not count, though it has the same size', async () => {
  bucket.put('team/a.txt', 3)
  await save('/a.txt')
  await clock.advance(3 * minute)
  expect(drive.view().sync?.pending).toBe(1)
})

test('nor does the save before, whose export was under way', async () => {
  await save('/a.txt')
  await clock.advance(62 * second)
  await save('/a.txt')
  await clock.advance(second)
  bucket.put('team/a.txt', 3)
  await clock.advance(2 * minute)
  expect(drive.view().sync?.pending).toBe(1)
  bucket.put('team/a.txt', 3)
  await clock.advance(2 * minute)
  expect(drive.view().sync?.pending).toBe(0)
})

test('nor does one of another size', async () => {
  await save('/a.txt', 3)
  await clock.advance(62 * second)
  bucket.put('team/a.txt', 4)
  await clock.advance(2 * minute)
  expect(drive.view().sync?.pending).toBe(1)
})

test('a file that is long overdue may have an object as old as its delivery', async () => {
  await save('/a.txt')
  await clock.advance(5 * second)
  bucket.put('team/a.txt', 3)
  await clock.advance(4 * minute)
  expect(drive.view().sync?.pending).toBe(1)
  await clock.advance(10 * minute)
  expect(drive.view().sync).toMatchObject({ pending: 0, lastLagMs: 6 * second })
})

test('a file is asked about more and more rarely, and never twice within 15 s', async () => {
  await save('/a.txt')
  await clock.advance(30 * minute)
  const times = bucket.asked.map(({ atMs }) => atMs)
  const pauses = times.slice(1).map((atMs, index) => Math.round((atMs - times[index]!) / second))
  expect(pauses.slice(0, 6)).toEqual([15, 15, 30, 60, 120, 300])
  expect(Math.min(...pauses)).toBe(15)
  expect(times.length).toBeLessThan(12)
})

test('a file that is saved again meanwhile begins anew', async () => {
  await save('/a.txt')
  await clock.advance(50 * second)
  await save('/a.txt')
  await clock.advance(60 * second)
  expect(asked()).toEqual([])
  await clock.advance(10 * second)
  expect(asked()).toEqual(['head team/a.txt'])
})

test('an answer that comes when the file is saved again is about something else', async () => {
  await save('/a.txt')
  await clock.advance(62 * second)
  bucket.put('team/a.txt', 3)
  bucket.onAsked = () => {
    bucket.onAsked = undefined
    drive.hear({ type: 'saved', id: 99, path: '/a.txt', size: 5, atMs: clock.now() })
  }
  await clock.advance(minute)
  expect(drive.view().sync).toMatchObject({ pending: 1, lastLagMs: undefined })
})

test('a file that is renamed is looked for under its new name, a removed one not at all', async () => {
  await save('/a.txt')
  await save('/b.txt')
  drive.hear({ type: 'moved', from: '/a.txt', to: '/d/c.txt' })
  drive.hear({ type: 'removed', path: '/b.txt' })
  await clock.advance(70 * second)
  expect(asked()).toEqual(['head team/d/c.txt'])
})

describe('many files', () => {
  test('of one folder are looked for with one listing, each of them', async () => {
    for (let file = 0; file < 50; file++) {
      drive.hear({ type: 'saved', id: file, path: `/d/${file}`, size: 3, atMs: clock.now() })
      const times = { savedMs: clock.now(), atMs: clock.now() }
      drive.hear({ type: 'delivered', id: file, path: `/d/${file}`, size: 3, ...times })
    }
    await clock.advance(62 * second)
    for (let file = 0; file < 49; file++) bucket.put(`team/d/${file}`, 3)
    await clock.advance(10 * second)
    expect(asked()).toEqual(['list team/d/'])
    expect(drive.view().sync).toMatchObject({ pending: 1, lastLagMs: 62 * second })
    await clock.advance(20 * second)
    expect(asked()).toEqual(['list team/d/', 'head team/d/49'])
  })

  test('of a folder with more than fits a page take as many pages, and find all', async () => {
    for (let file = 0; file < 2_500; file++) {
      const times = { savedMs: clock.now(), atMs: clock.now() }
      drive.hear({ type: 'delivered', id: file, path: `/d/${file}`, size: 3, ...times })
    }
    await clock.advance(62 * second)
    for (let file = 0; file < 2_500; file++) bucket.put(`team/d/${file}`, 3)
    await clock.advance(10 * second)
    expect(asked()).toEqual(['list team/d/', 'list team/d/', 'list team/d/'])
    expect(drive.view().sync?.pending).toBe(0)
  })

  test('are looked for one by one where listing is not permitted', async () => {
    bucket.listError = new AppError('aws-denied', { action: 's3:ListBucket' })
    await Promise.all(Array.from({ length: 10 }, (_, file) => save(`/d/${file}`)))
    await clock.advance(62 * second)
    for (let file = 0; file < 10; file++) bucket.put(`team/d/${file}`, 3)
    await clock.advance(minute)
    expect(asked().filter((what) => what.startsWith('list'))).toHaveLength(1)
    expect(drive.view().sync?.pending).toBe(0)
    expect(drive.trouble()).toBeUndefined()
  })

  test('of all drives together never make more than 30 requests a minute, of them 6 listings', async () => {
    const other = watch({ ...inS3, fileSystemId: 'fs-2' }, 'd2')
    for (let file = 0; file < 300; file++) {
      const times = { savedMs: clock.now(), atMs: clock.now() }
      const path = `/${file % 20}/${file}`
      const delivered = { type: 'delivered', id: file, path, size: 3, ...times } as const
      drive.hear(delivered)
      other.hear(delivered)
    }
    await clock.advance(120 * minute)
    for (const { atMs: from } of bucket.asked) {
      const within = bucket.asked.filter(({ atMs }) => atMs >= from && atMs < from + minute)
      expect(within.length).toBeLessThanOrEqual(30)
      expect(within.filter(({ what }) => what.startsWith('list')).length).toBeLessThanOrEqual(6)
    }
    expect(bucket.asked.length).toBeGreaterThan(100)
  })
})

describe('S3 that cannot be asked', () => {
  test('is told, keeps no number up, and is asked again more and more rarely', async () => {
    bucket.headError = new AppError('aws-unreachable', { host: 's3', reason: 'nobody answers there' })
    await save('/a.txt')
    await clock.advance(70 * second)
    expect(drive.trouble()?.code).toBe('aws-unreachable')
    expect(drive.view().sync).toBeUndefined()
    await clock.advance(60 * minute)
    expect(asked().length).toBeLessThan(15)
    bucket.headError = undefined
    bucket.put('team/a.txt', 3)
    vitals.wake()
    await clock.advance(second)
    expect(drive.trouble()).toBeUndefined()
    expect(drive.view().sync).toMatchObject({ pending: 0 })
  })
})

describe('a file that is long overdue', () => {
  test('is asked about where S3 Files keeps its word, and named when that has given up on it', async () => {
    exports.set('/a.txt', { exportError: 'S3AccessDenied' })
    await save('/a.txt')
    await clock.advance(4 * minute)
    expect(exportsAsked).toEqual([])
    await clock.advance(5 * minute)
    expect(exportsAsked).toEqual(['/a.txt'])
    expect(recent.at(-1)).toMatchObject({ what: 'export-refused', path: '/a.txt', detail: 'S3AccessDenied' })
    expect(drive.view().sync?.pending).toBe(0)
  })

  test('is not awaited any more when it is not there any more', async () => {
    exports.set('/a.txt', new AppError('not-found', { path: '/a.txt' }))
    await save('/a.txt')
    await clock.advance(10 * minute)
    expect(drive.view().sync?.pending).toBe(0)
    expect(recent.at(-1)?.what).toBe('delivered')
  })

  test('nor when somebody else has replaced it', async () => {
    await save('/a.txt', 3)
    await clock.advance(3 * minute)
    bucket.put('team/a.txt', 8)
    await clock.advance(10 * minute)
    expect(drive.view().sync?.pending).toBe(0)
  })

  test('costs S3 Files six questions a minute at most, however many there are', async () => {
    for (let file = 0; file < 100; file++) await save(`/${file}`)
    await clock.advance(20 * minute)
    expect(exportsAsked.length).toBeGreaterThan(10)
    expect(exportsAsked.length).toBeLessThanOrEqual(6 * 20)
  })
})

test('a drive whose bucket is not known has no sync lag, and its files are looked for once it is', async () => {
  const other = watch({ kind: 'unknown' }, 'd2')
  await save('/a.txt', 3, other)
  await clock.advance(5 * minute)
  expect(other.view().sync).toBeUndefined()
  expect(asked()).toEqual([])
  other.setObjects({ ...inS3, bucket: 'late', keyPrefix: '' })
  await clock.advance(10 * second)
  expect(bucket.places.map(({ bucket: name }) => name)).toEqual(['late'])
  expect(asked()).toEqual(['head a.txt'])
})

test('nothing is asked and nothing waits once the drive is gone', async () => {
  await save('/a.txt')
  drive[Symbol.dispose]()
  await clock.advance(10 * minute)
  expect(asked()).toEqual([])
  expect(clock.pendingCount).toBe(0)
})
