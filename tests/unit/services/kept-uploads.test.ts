import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { silentLogger } from '../../../src-main/lib/logger.ts'
import {
  discardKeptUploads,
  readKeptUploads,
  type KeptUploads,
} from '../../../src-main/services/fronts/kept-uploads.ts'
import { noKept } from '../../fixtures/uploads.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'
import { contentsOf, crashedCopy, openStore, put, reopen } from '../front/vfs/uploads/store/stores.ts'

let temp: TempDir
let stateDir: string

beforeEach(async () => {
  temp = await makeTempDir('kept')
  stateDir = join(temp.dir, 'front')
  await mkdir(stateDir)
})
afterEach(() => temp[Symbol.asyncDispose]())

const read = (dir = stateDir): Promise<KeptUploads> => readKeptUploads(dir, silentLogger)

test('a front that never ran, and one that has delivered everything, have left nothing', async () => {
  expect(await read()).toEqual(noKept)
  expect(await read(join(temp.dir, 'none'))).toEqual(noKept)
  await openStore(stateDir)[Symbol.asyncDispose]()
  expect(await read()).toEqual(noKept)
})

test('what a front has left is told oldest first, with what needs attention, and without what clients no longer see', async () => {
  const error = { code: 'permission-denied', args: { path: '/b.txt' } } as const
  {
    await using store = openStore(stateDir)
    await put(store, '/a.txt', 'first')
    const second = await put(store, '/b.txt', 'second one')
    const third = await put(store, '/c.txt', 'witness')
    store.update([{ ...second, attention: error }])
    store.update([{ ...third, replaced: true }])
  }
  expect(await read()).toMatchObject({
    count: 2,
    bytes: 15,
    attention: 1,
    uploads: [
      { path: '/a.txt', size: 5, acceptedMs: 1_700_000_000_000.25 },
      { path: '/b.txt', size: 10, error },
    ],
  })
})

test('a front that was killed has left as much', async () => {
  await using store = openStore(stateDir)
  await put(store, '/a.txt', 'first')
  expect(await read(crashedCopy(stateDir, 'killed'))).toMatchObject({
    count: 1,
    uploads: [{ path: '/a.txt' }],
  })
})

test('looking changes nothing for the next front', async () => {
  let copyDir: string
  {
    await using store = openStore(stateDir)
    await put(store, '/a.txt', 'first')
    copyDir = crashedCopy(stateDir, 'killed')
  }
  for (const dir of [stateDir, copyDir]) {
    await read(dir)
    await read(dir)
    const { store, recoveries } = reopen(dir)
    expect(await contentsOf(store)).toEqual([['/a.txt', 'first']])
    expect(recoveries).toEqual([])
    await store[Symbol.asyncDispose]()
  }
})

test.each([
  [
    'are damaged',
    () => writeFile(join(stateDir, 'uploads.sqlite'), 'no database at all, but long enough for one'),
  ],
  ['are gone', () => rm(join(stateDir, 'uploads.sqlite'))],
])('bodies are counted where the records %s', async (_, damage) => {
  {
    await using store = openStore(stateDir)
    await put(store, '/a.txt', 'first')
    await put(store, '/b.txt', 'second')
  }
  await damage()
  expect(await read()).toEqual({ ...noKept, count: 2 })
})

test('bodies are counted while a front that is just starting has the records for itself', async () => {
  await using store = openStore(stateDir)
  await put(store, '/a.txt', 'first')
  expect((await read()).count).toBe(1)
})

test('giving uploads up leaves none of them, and everything else', async () => {
  {
    await using store = openStore(stateDir)
    await put(store, '/a.txt', 'first')
  }
  await writeFile(join(stateDir, 'vfs.sqlite'), '')
  await discardKeptUploads(stateDir)
  expect(await read()).toEqual(noKept)
  expect(await readdir(stateDir)).toEqual(['vfs.sqlite'])
})
