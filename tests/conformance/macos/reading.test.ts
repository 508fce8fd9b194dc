import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import type { ByteRange, Call, OpenedFile } from '../../../src-main/front/vfs/backend.ts'
import type { VfsPath } from '../../../src-main/front/vfs/path.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { waitFor, within } from '../../harness/wait-for.ts'
import { expectClean, mountDrive } from './macos-drive.ts'
import { mountMemoryDrive } from './memory-drive.ts'

const movie = Buffer.from(Uint8Array.from({ length: 20_000_000 }, (_, index) => (index * 7) % 251))

describe('seeking ahead of the download', () => {
  test.each([
    ['in the middle', 15_000_000, 100_000],
    ['one byte', 12_345_678, 1],
    ['over the end', 19_999_000, 50_000],
  ])('reads the right bytes: %s', async (_title, offset, length) => {
    await using drive = await mountDrive()
    await writeFile(join(drive.front.rootDir, 'movie.mov'), movie)
    const handle = await drive.volume.open('/movie.mov')
    const bytes = await handle.read(offset, length)
    expect(bytes.equals(movie.subarray(offset, offset + length))).toBe(true)
    await handle.close()
    const ranged = drive.volume.report().requests.filter(({ requestHeaders }) => 'Range' in requestHeaders)
    expect(ranged.map(({ status }) => status)).toEqual([206])
    expectClean(drive.volume)
  })
})

test('every PUT and GET tells time, version and date', async () => {
  await using drive = await mountDrive()
  const url = `${drive.front.url}a.txt`
  const headers = { 'User-Agent': 'WebDAVFS/3.0.0 (03008000) Darwin/24.6.0 (arm64)' }
  const created = await fetch(url, { method: 'PUT', headers, body: 'a' })
  const replaced = await fetch(url, { method: 'PUT', headers, body: 'b' })
  const got = await fetch(url, { headers })
  for (const reply of [created, replaced, got]) {
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'last-modified': expect.stringMatching(/ GMT$/) as string,
      etag: expect.stringMatching(/^".+"$/) as string,
      date: expect.stringMatching(/ GMT$/) as string,
    })
  }
  expect(got.headers.get('etag')).toBe(replaced.headers.get('etag'))
  expect(got.headers.get('last-modified')).toBe(replaced.headers.get('last-modified'))
  expect(created.headers.get('last-modified')).not.toBe(replaced.headers.get('last-modified'))
})

test('a download that was broken off is resumed where it stopped', async () => {
  await using drive = await mountDrive()
  await writeFile(join(drive.front.rootDir, 'movie.mov'), movie)
  await drive.volume.quickLook('/movie.mov')
  expect((await drive.volume.readFile('/movie.mov')).equals(movie)).toBe(true)
  const gets = drive.volume.report().requests.filter(({ method }) => method === 'GET')
  expect(gets.map(({ status }) => status)).toEqual([200, 206])
  expectClean(drive.volume)
})

test('a download that was broken off starts anew when the file has changed since, even in the same second', async () => {
  await using drive = await mountDrive({ metadataTtlMs: 0 })
  const path = join(drive.front.rootDir, 'movie.mov')
  await writeFile(path, movie)
  await utimes(path, 1_790_000_000, 1_790_000_000)
  await drive.volume.quickLook('/movie.mov')
  const changed = Buffer.from(movie).reverse()
  await writeFile(path, changed)
  await utimes(path, 1_790_000_000.5, 1_790_000_000.5)
  expect((await drive.volume.readFile('/movie.mov')).equals(changed)).toBe(true)
  expectClean(drive.volume)
})

test('an unchanged file is not downloaded again after its 60 s; a file saved twice in one second is', async () => {
  const clock = new FakeClock()
  await using drive = await mountDrive({ clock, metadataTtlMs: 0 })
  const path = join(drive.front.rootDir, 'note.txt')
  await writeFile(path, 'one')
  await utimes(path, 1_790_000_000, 1_790_000_000)
  const read = async (): Promise<string> => {
    await clock.advance(61_000)
    return (await drive.volume.readFile('/note.txt')).toString()
  }
  expect(await read()).toBe('one')
  expect(await read()).toBe('one')
  await writeFile(path, 'two')
  await utimes(path, 1_790_000_000.25, 1_790_000_000.25)
  expect(await read()).toBe('two')
  const gets = drive.volume.report().requests.filter(({ method }) => method === 'GET')
  expect(gets.map(({ status }) => status)).toEqual([200, 304, 200])
  expectClean(drive.volume)
})

describe('a preview that is closed early stops the reading of the backend at once', () => {
  test.each([
    ['while bytes flow', endless],
    ['while the backend keeps everyone waiting', silentAfterFirstChunk],
  ])('%s', async (_title, bodyOf) => {
    await using drive = await mountMemoryDrive()
    const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>()
    const onEnd = (): void => stop(undefined)
    drive.backend.put('/endless.mov', 'x')
    drive.backend.read = async (
      path: VfsPath,
      _range: ByteRange | undefined,
      call: Call,
    ): Promise<OpenedFile> => {
      const attributes = { ...(await drive.backend.stat(path, call)), size: 1_000_000_000_000 }
      return {
        attributes,
        length: attributes.size,
        body: bodyOf(call, onEnd),
        close: () => Promise.resolve().then(onEnd),
      }
    }
    await drive.volume.quickLook('/endless.mov')
    await within(stopped, 'the backend to be left alone')
    await waitFor(() => drive.volume.busyThreads === 0, { what: 'the thread of the download' })
    expectClean(drive.volume)
  })
})

/** A body without an end; `onEnd` when nobody wants more of it. */
async function* endless(_call: Call, onEnd: () => void): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.alloc(64 * 1024)
  try {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      yield chunk
    }
  } finally {
    onEnd()
  }
}

/** A body that stalls: only the call's own signal gets it to give up. */
async function* silentAfterFirstChunk(call: Call, onEnd: () => void): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(64 * 1024)
  await new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve(), { once: true }))
  onEnd()
}
