import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { silentLogger } from '../../../../src-main/lib/logger.ts'
import { createVitals } from '../../../../src-main/services/vitals/create-vitals.ts'
import type { FileEvent } from '../../../../src-main/services/vitals/sync/file-events.ts'
import type { Vitals, WatchedDrive } from '../../../../src-main/services/vitals/vitals.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { FakeMetrics } from '../../../fakes/fake-metrics.ts'
import { FakeObjectStore } from '../../../fakes/fake-object-store.ts'
import { makeTempDir, type TempDir } from '../../../harness/temp-dir.ts'

let temp: TempDir
let sourceDir: string
let bucketDir: string
let clock: FakeClock
let vitals: Vitals
let drive: WatchedDrive
let nextId: number
let warnings: number

beforeEach(async () => {
  temp = await makeTempDir('simulated-bucket')
  sourceDir = join(temp.dir, 'source')
  bucketDir = join(temp.dir, 'state', 'bucket')
  await mkdir(sourceDir)
  clock = new FakeClock()
  nextId = 1
  const objects = new FakeObjectStore(clock)
  warnings = 0
  const log = { ...silentLogger, warn: () => void (warnings += 1) }
  vitals = createVitals({ objects, metrics: new FakeMetrics(), clock, log })
  drive = vitals.watch({ driveId: 'd1', objects: { kind: 'simulated', sourceDir, bucketDir } })
})
afterEach(async () => {
  vitals[Symbol.dispose]()
  await temp[Symbol.asyncDispose]()
})

async function save(path: string, text: string): Promise<void> {
  const to = join(sourceDir, path)
  await mkdir(dirname(to), { recursive: true })
  await writeFile(to, text)
  const file = { id: nextId++, path, size: text.length }
  drive.hear({ type: 'saved', ...file, atMs: clock.now() })
  drive.hear({ type: 'delivered', ...file, savedMs: clock.now(), atMs: clock.now() })
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(join(sourceDir, to)), { recursive: true })
  await rename(join(sourceDir, from), join(sourceDir, to))
  drive.hear({ type: 'moved', from, to } satisfies FileEvent)
}

async function remove(path: string): Promise<void> {
  await rm(join(sourceDir, path), { recursive: true })
  drive.hear({ type: 'removed', path })
}

/** All files of the bucket, by their paths. */
async function bucket(): Promise<Record<string, string>> {
  const entries = await readdir(bucketDir, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = files.map(async (path) => [path.slice(bucketDir.length), await readFile(path, 'utf8')])
  return Object.fromEntries(await Promise.all(read)) as Record<string, string>
}

/** Lets the time pass after which S3 Files exports, and the copying get done. */
async function quiet(ms = 61_000): Promise<void> {
  await clock.advance(ms)
}

test('a file is in the bucket after a minute without another write, and not before', async () => {
  await save('/d/a.txt', 'one')
  await clock.advance(59_000)
  expect(await bucket()).toEqual({})
  await save('/d/a.txt', 'two')
  await clock.advance(59_000)
  expect(await bucket()).toEqual({})
  expect(drive.view().sync).toEqual({ lastLagMs: undefined, pending: 1, oldestMs: 59_000, isSimulated: true })
  await clock.advance(2_000)
  await expect.poll(bucket).toEqual({ '/d/a.txt': 'two' })
  await expect.poll(() => drive.view().sync?.pending).toBe(0)
  expect(drive.view().sync?.lastLagMs).toBeGreaterThanOrEqual(60_000)
})

test('its copy is made whole: nothing unfinished lies in the bucket, and it is nobody else’s', async () => {
  await save('/a.txt', 'x'.repeat(1_000_000))
  await quiet()
  await expect.poll(async () => Object.keys(await bucket())).toEqual(['/a.txt'])
  expect((await stat(bucketDir)).mode & 0o777).toBe(0o700)
})

describe('what a client changes is changed in the bucket after the same time', () => {
  beforeEach(async () => {
    await save('/d/a.txt', 'a')
    await save('/d/b.txt', 'b')
    await quiet()
    await expect.poll(bucket).toEqual({ '/d/a.txt': 'a', '/d/b.txt': 'b' })
  })

  test('a renamed file', async () => {
    await move('/d/a.txt', '/e/c.txt')
    expect(await bucket()).toEqual({ '/d/a.txt': 'a', '/d/b.txt': 'b' })
    await quiet()
    await expect.poll(bucket).toEqual({ '/d/b.txt': 'b', '/e/c.txt': 'a' })
  })

  test('a file that replaces another by its name', async () => {
    await save('/d/a.txt.tmp', 'new')
    await move('/d/a.txt.tmp', '/d/a.txt')
    await quiet()
    await expect.poll(bucket).toEqual({ '/d/a.txt': 'new', '/d/b.txt': 'b' })
    await expect.poll(() => drive.view().sync?.pending).toBe(0)
  })

  test('a renamed folder with all that is in it', async () => {
    await move('/d', '/x/y')
    await quiet()
    await expect.poll(bucket).toEqual({ '/x/y/a.txt': 'a', '/x/y/b.txt': 'b' })
  })

  test('a removed file, and the folder of which it was the last', async () => {
    await remove('/d/a.txt')
    await remove('/d/b.txt')
    await quiet()
    await expect.poll(() => readdir(bucketDir)).toEqual([])
  })

  test('a removed folder', async () => {
    await remove('/d')
    await quiet()
    await expect.poll(bucket).toEqual({})
  })

  test('a file where a folder was, and the other way round', async () => {
    await remove('/d')
    await save('/d', 'a file now')
    await quiet()
    await expect.poll(bucket).toEqual({ '/d': 'a file now' })
    await remove('/d')
    await save('/d/e', 'a folder again')
    await quiet()
    await expect.poll(bucket).toEqual({ '/d/e': 'a folder again' })
  })
})

test('what was in the source before is not copied', async () => {
  await writeFile(join(sourceDir, 'old.txt'), 'old')
  await save('/new.txt', 'new')
  await quiet()
  await expect.poll(bucket).toEqual({ '/new.txt': 'new' })
})

test('files that cannot be copied are tried again after the same time', async () => {
  await save('/a.txt', 'a')
  await save('/b.txt', 'b')
  // In the way of every copy that begins.
  const inTheWay = join(bucketDir, '.mountbar-unfinished')
  await cp(sourceDir, inTheWay, { recursive: true })
  await quiet()
  await expect.poll(() => warnings).toBe(2)
  await rm(inTheWay, { recursive: true })
  expect(drive.view().sync?.pending).toBe(2)
  await quiet()
  await expect.poll(bucket).toEqual({ '/a.txt': 'a', '/b.txt': 'b' })
})

test('nothing is copied any more once the drive is gone', async () => {
  await save('/a.txt', 'a')
  drive[Symbol.dispose]()
  await quiet()
  expect(await bucket()).toEqual({})
  expect(clock.pendingCount).toBe(0)
})
