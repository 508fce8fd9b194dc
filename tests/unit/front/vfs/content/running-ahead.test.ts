import { describe, expect, it } from 'vitest'

import type { ByteRange } from '../../../../../src-main/front/vfs/backend.ts'
import { chunksOf } from '../../../../fakes/memory-backend.ts'
import { within } from '../../../../harness/wait-for.ts'
import {
  at,
  blockBytes,
  inTime,
  mebibyte,
  never,
  openCache,
  sliceOf,
  textFor,
  type OpenedCache,
} from './open-cache.ts'

const size = 14 * mebibyte
const text = textFor(size)
const step = mebibyte / 2

function openFilled(options: Parameters<typeof openCache>[0] = {}): OpenedCache {
  const opened = openCache(options)
  opened.memory.put('/file', text)
  return opened
}

function rangeAt(index: number): ByteRange {
  return { start: index * step, end: (index + 1) * step - 1 }
}

/** Asks for half a MiB, the `index`th of the file, and checks it. */
async function request(opened: OpenedCache, index: number, content = text): Promise<void> {
  expect((await opened.get('/file', rangeAt(index))) === sliceOf(content, rangeAt(index))).toBe(true)
}

async function requests(opened: OpenedCache, ...indexes: readonly number[]): Promise<void> {
  for (const index of indexes) await request(opened, index)
}

/** What was asked of the backend, as the first block and the one after the last. */
function asked(opened: OpenedCache): number[][] {
  return opened.reads.map(({ range }) => [range!.start / blockBytes, (range!.end + 1) / blockBytes])
}

function readsAt(opened: OpenedCache): number {
  return opened.reads.filter(({ isOver }) => !isOver).length
}

function takenBytes(opened: OpenedCache): number {
  return opened.reads.reduce((sum, read) => sum + read.takenBytes, 0)
}

describe('a file that is read from front to back', () => {
  it.each([
    ['where only the calls take time', false],
    ['where every piece of a body does', true],
  ])('is fetched by one read, %s', async (_where, perMebibyte) => {
    await using opened = openFilled()
    opened.faults.inject({ effect: { kind: 'latency', latencyMs: 20 } })
    if (perMebibyte)
      opened.faults.inject({
        methods: ['read'],
        effect: { kind: 'drip', chunkBytes: mebibyte, everyMs: 20 },
      })
    expect((await inTime(opened.clock, opened.get('/file'))) === text).toBe(true)
    expect(opened.calls()).toEqual(['read /file'])
    expect(takenBytes(opened)).toBe(size)
  })
})

describe('a file that is asked for range by range', () => {
  it('is asked for in pieces that grow, from the second request in order on', async () => {
    await using opened = openFilled()
    await request(opened, 0)
    expect(asked(opened)).toEqual([[0, 2]])
    for (let index = 1; index < size / step; index += 1) await request(opened, index)
    expect(asked(opened)).toEqual([
      [0, 2],
      [2, 10],
      [10, 50],
      [50, 56],
    ])
    expect(takenBytes(opened)).toBe(size)
  })

  it('is not looked at again for each of them', async () => {
    await using opened = openFilled()
    for (let index = 0; index < size / step; index += 1) await request(opened, index)
    expect(opened.memory.calls).toMatchObject({ stat: 0 })
  })

  it('has fetched what the next request asks for by the time that it comes', async () => {
    await using opened = openFilled()
    await requests(opened, 0, 1, 2, 3)
    opened.calls()
    await request(opened, 4)
    expect(opened.calls()).toEqual([])
  })

  it('is not fetched faster than its reader comes for it', async () => {
    await using opened = openFilled()
    await requests(opened, 0, 1, 2, 3)
    await new Promise(setImmediate)
    expect(readsAt(opened)).toBeGreaterThan(0)
    expect(takenBytes(opened)).toBeLessThanOrEqual(2 * 4 * step + mebibyte)
  })

  it('is fetched no further once its reader has not come for ten seconds', async () => {
    await using opened = openFilled()
    await requests(opened, 0, 1, 2)
    await opened.clock.advance(9_999)
    expect(readsAt(opened)).toBe(1)
    await opened.clock.advance(1)
    expect(readsAt(opened)).toBe(0)
    await request(opened, 3)
  })

  it('is no longer fetched ahead after a jump, and what was on its way is stopped', async () => {
    await using opened = openFilled()
    await requests(opened, 0, 1, 2)
    expect(readsAt(opened)).toBe(1)
    await request(opened, 25)
    await opened.quiet()
    expect(asked(opened).at(-1)).toEqual([50, 52])
    await request(opened, 18)
    expect(asked(opened).at(-1)).toEqual([36, 38])
  })

  it('is no longer fetched ahead when one of the requests is abandoned', async () => {
    await using opened = openFilled()
    await requests(opened, 0, 1)
    opened.faults.inject({ methods: ['read'], effect: { kind: 'body-stall', afterBytes: 0 } })
    const abort = new AbortController()
    const file = await opened.open('/file', { start: 2 * step, end: 24 * step - 1 }, abort)
    expect(readsAt(opened)).toBeGreaterThan(0)
    abort.abort()
    await file.close()
    expect(readsAt(opened)).toBe(0)
  })

  it('goes on in order for a reader that leaves with the last byte in its hands', async () => {
    await using opened = openFilled()
    await request(opened, 0)
    for (let index = 1; index < 4; index += 1) {
      const file = await opened.open('/file', rangeAt(index))
      let left = file.length
      for await (const chunk of file.body) {
        left -= chunk.length
        if (left === 0) break
      }
      await file.close()
    }
    expect(asked(opened)).toEqual([
      [0, 2],
      [2, 10],
      [10, 50],
    ])
  })

  it('is not fetched ahead by requests in no order', async () => {
    await using opened = openFilled()
    await requests(opened, 9, 3, 25, 12)
    expect(asked(opened)).toEqual([
      [18, 20],
      [6, 8],
      [50, 52],
      [24, 26],
    ])
  })

  it('is fetched once for two who do so side by side', async () => {
    await using opened = openFilled()
    await request(opened, 0)
    for (let index = 1; index < size / step; index += 1)
      await Promise.all([request(opened, index), request(opened, index)])
    expect(takenBytes(opened)).toBe(size)
  })

  it('is fetched around what is cached already', async () => {
    await using opened = openFilled()
    await request(opened, 4)
    await requests(opened, 0, 1, 2, 3, 4, 5)
    expect(asked(opened).slice(0, 3)).toEqual([
      [8, 10],
      [0, 2],
      [2, 8],
    ])
    expect(asked(opened)[3]?.[0]).toBe(10)
  })

  it('goes through in few reads where the disk has no room', async () => {
    await using opened = openFilled({ maxBytes: 1 })
    for (let index = 0; index < size / step; index += 1) await request(opened, index)
    expect(opened.memory.calls.read).toBeLessThanOrEqual(5)
    expect(takenBytes(opened)).toBeLessThanOrEqual(size * 1.1)
  })

  it('leaves the backend in peace when many are read so at once', async () => {
    await using opened = openCache()
    const names = Array.from({ length: 20 }, (_none, index) => `/${index}`)
    for (const name of names) opened.memory.put(name, text)
    for (const index of [0, 1, 2]) for (const name of names) await opened.get(name, rangeAt(index))
    expect(readsAt(opened)).toBe(12)
    const slow = openFiveSlow(opened)
    expect((await within(opened.backend.list(at('/'), never), 'a listing')).entries.size).toBe(25)
    await slow
  })
})

/** Five more files, each begun and not read on. */
async function openFiveSlow(opened: OpenedCache): Promise<void> {
  for (let index = 0; index < 5; index += 1) opened.memory.put(`/slow ${index}`, text)
  await Promise.all([0, 1, 2, 3, 4].map((index) => opened.open(`/slow ${index}`)))
}

describe('a file that changes while it is asked for range by range', () => {
  const replaced = textFor(size, 2)

  it('is seen to have changed five seconds later', async () => {
    await using opened = openFilled()
    await requests(opened, 0, 1)
    opened.memory.put('/file', replaced)
    await opened.clock.advance(4_000)
    await request(opened, 2)
    await opened.clock.advance(1_000)
    await request(opened, 3, replaced)
    await request(opened, 4, replaced)
  })

  it.each([
    ['a listing', (opened: OpenedCache) => opened.backend.list(at('/'), never)],
    ['a look at it', (opened: OpenedCache) => opened.backend.stat(at('/file'), never)],
  ])('is seen to have changed at once when %s shows it', async (_what, look) => {
    await using opened = openFilled()
    await requests(opened, 0, 1)
    opened.memory.put('/file', replaced)
    await look(opened)
    await request(opened, 2, replaced)
  })

  it('is not looked at while listings show that it is the same', async () => {
    await using opened = openFilled()
    await requests(opened, 0, 1)
    for (let index = 2; index < 6; index += 1) {
      await opened.clock.advance(3_000)
      await opened.backend.list(at('/'), never)
      await request(opened, index)
    }
    expect(opened.memory.calls.stat).toBe(0)
  })

  it('is the new one at once when it was written through the cache', async () => {
    await using opened = openFilled()
    await requests(opened, 0, 1)
    await opened.backend.write(at('/file'), chunksOf(replaced), never)
    await request(opened, 2, replaced)
    await request(opened, 3, replaced)
  })

  it('is no longer fetched ahead when it is removed', async () => {
    await using opened = openFilled()
    await requests(opened, 0, 1, 2)
    expect(readsAt(opened)).toBe(1)
    await opened.backend.remove(at('/file'), never)
    expect(readsAt(opened)).toBe(0)
  })
})
