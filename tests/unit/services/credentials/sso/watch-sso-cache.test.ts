import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { watchSsoCache } from '../../../../../src-main/services/credentials/sso/watch-sso-cache.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { makeTempDir, type TempDir } from '../../../../harness/temp-dir.ts'
import { waitFor } from '../../../../harness/wait-for.ts'

let temp: TempDir
let cacheDir: string
let clock: FakeClock
let changes: number
let watching: Disposable

beforeEach(async () => {
  temp = await makeTempDir('sso-cache')
  cacheDir = join(temp.dir, '.aws', 'sso', 'cache')
  clock = new FakeClock()
  changes = 0
})
afterEach(async () => {
  watching[Symbol.dispose]()
  await temp[Symbol.asyncDispose]()
})

function watch(): void {
  watching = watchSsoCache(cacheDir, clock, () => void (changes += 1))
}

function write(name: string, text: string): Promise<void> {
  return writeFile(join(cacheDir, name), text)
}

/** In real time: the fake clock stands still, so it was the system that told. */
async function changesReach(count: number): Promise<void> {
  await waitFor(() => changes >= count, { what: `change ${count}` })
}

test('a token that another program writes is noticed without waiting for the next look', async () => {
  await mkdir(cacheDir, { recursive: true })
  watch()
  await write('a.json', '{}')
  await changesReach(1)
  const before = changes
  await write('a.json', '{"accessToken":"new"}')
  await changesReach(before + 1)
})

test('one that is renamed into its place, or removed, is noticed too', async () => {
  await mkdir(cacheDir, { recursive: true })
  watch()
  await write('a.tmp', '{}')
  await rename(join(cacheDir, 'a.tmp'), join(cacheDir, 'a.json'))
  await changesReach(1)
  const before = changes
  await rm(join(cacheDir, 'a.json'))
  await changesReach(before + 1)
})

test('a folder that did not exist is found at the next look, and watched from then on', async () => {
  watch()
  await clock.advance(30_000)
  await mkdir(cacheDir, { recursive: true })
  await write('a.json', '{}')
  await waitFor(
    async () => {
      await clock.advance(30_000)
      return changes > 0
    },
    { what: 'the new folder' },
  )
  const before = changes
  await write('b.json', '{}')
  await changesReach(before + 1)
})

test('a folder that is made for the first sign-in of a machine is noticed without waiting for the next look', async () => {
  await mkdir(join(temp.dir, '.aws'))
  watch()
  await mkdir(cacheDir, { recursive: true })
  await write('a.json', '{}')
  await changesReach(1)
  const before = changes
  await write('b.json', '{}')
  await changesReach(before + 1)
})

test('a folder that was removed and made anew is watched again', async () => {
  await mkdir(cacheDir, { recursive: true })
  watch()
  await write('a.json', '{}')
  await changesReach(1)
  await rm(cacheDir, { recursive: true })
  await mkdir(cacheDir)
  await write('b.json', '{}')
  await waitFor(
    async () => {
      await clock.advance(30_000)
      return changes >= 2
    },
    { what: 'the folder of the same name' },
  )
  // The removal may have been one of the two; this one only the new watch can tell.
  const before = changes
  await write('c.json', '{}')
  await changesReach(before + 1)
})

test('files that are no tokens are nobody’s business, and neither is a look that finds the same', async () => {
  await mkdir(cacheDir, { recursive: true })
  await write('a.json', '{}')
  watch()
  await clock.advance(90_000)
  await write('notes.txt', 'x')
  await rename(join(cacheDir, 'notes.txt'), join(cacheDir, 'b.json'))
  await changesReach(1)
  // Looks come in order: what was written before the removal has been seen with it.
  await write('notes.txt', 'y')
  await rm(join(cacheDir, 'b.json'))
  await changesReach(2)
  expect(changes).toBe(2)
})

test('nothing is told, and no timer is left, once it is disposed', async () => {
  await mkdir(cacheDir, { recursive: true })
  watch()
  watching[Symbol.dispose]()
  await write('a.json', '{}')
  await clock.advance(60_000)
  expect({ changes, pending: clock.pendingCount }).toEqual({ changes: 0, pending: 0 })
})
