import { describe, expect, it } from 'vitest'

import type { ByteRange } from '../../../../../src-main/front/vfs/backend.ts'
import { chunksOf } from '../../../../fakes/memory-backend.ts'
import {
  at,
  blockBytes,
  mebibyte,
  never,
  openCache,
  sliceOf,
  textFor,
  type OpenedCache,
} from './open-cache.ts'

const size = 3 * mebibyte + 5
const text = textFor(size)

interface Case {
  readonly title: string
  readonly before?: (opened: OpenedCache) => Promise<unknown>
  readonly does: (opened: OpenedCache) => Promise<unknown>
  readonly costs: readonly string[]
}

const whole = async (opened: OpenedCache): Promise<void> => {
  expect(await opened.get('/file')).toBe(text)
}
const part =
  (start: number, end: number) =>
  async (opened: OpenedCache): Promise<void> => {
    const range: ByteRange = { start, end }
    expect(await opened.get('/file', range)).toBe(sliceOf(text, range))
  }

const cases: readonly Case[] = [
  { title: 'the first read of a file', does: whole, costs: ['read /file'] },
  { title: 'the second read of an unchanged file', before: whole, does: whole, costs: ['stat /file'] },
  {
    title: 'a range of a cached file',
    before: whole,
    does: part(1_000_000, 1_000_009),
    costs: ['stat /file'],
  },
  { title: 'a range of an uncached file', does: part(1_000_000, 1_000_009), costs: ['read /file'] },
  {
    title: 'the same range again',
    before: part(1_000_000, 1_000_009),
    does: part(1_000_000, 1_000_009),
    costs: ['stat /file'],
  },
  {
    title: 'a range beside one that is cached',
    before: part(0, 9),
    does: part(2 * mebibyte, 2 * mebibyte + 9),
    costs: ['read /file'],
  },
  {
    title: 'a range that reaches past one that is cached',
    before: part(0, blockBytes - 1),
    does: part(10, 2 * blockBytes),
    costs: ['read /file'],
  },
  {
    title: 'a whole file with its middle cached',
    before: part(mebibyte, mebibyte + 9),
    does: whole,
    costs: ['read /file', 'read /file'],
  },
  { title: 'a range past the end', before: whole, does: part(size, size + 10), costs: ['stat /file'] },
  {
    title: 'an empty file, each time',
    before: (opened) => opened.get('/empty'),
    does: (opened) => opened.get('/empty'),
    costs: ['read /empty'],
  },
  {
    title: 'a file that somebody else has changed',
    before: async (opened) => {
      await whole(opened)
      opened.memory.put('/file', 'new')
    },
    does: async (opened) => {
      expect(await opened.get('/file')).toBe('new')
    },
    costs: ['stat /file', 'read /file'],
  },
  {
    title: 'a partly cached file that somebody else has changed',
    before: async (opened) => {
      await part(0, 9)(opened)
      opened.memory.put('/file', textFor(size, 2))
    },
    does: async (opened) => {
      expect(await opened.get('/file')).toBe(textFor(size, 2))
    },
    costs: ['read /file', 'read /file'],
  },
  {
    title: 'a file that was written through the cache',
    before: async (opened) => {
      await whole(opened)
      await opened.backend.write(at('/file'), chunksOf('mine'), never)
    },
    does: async (opened) => {
      expect(await opened.get('/file')).toBe('mine')
    },
    costs: ['read /file'],
  },
  {
    title: 'a cached file at its new name',
    before: async (opened) => {
      await whole(opened)
      await opened.backend.move(at('/file'), at('/moved'), never)
    },
    does: async (opened) => {
      expect(await opened.get('/moved')).toBe(text)
    },
    costs: ['stat /moved'],
  },
  {
    title: 'a cached file in a folder with a new name',
    before: async (opened) => {
      opened.memory.put('/folder/deep/file', text)
      await opened.get('/folder/deep/file')
      await opened.backend.move(at('/folder'), at('/other'), never)
    },
    does: async (opened) => {
      expect(await opened.get('/other/deep/file')).toBe(text)
    },
    costs: ['stat /other/deep/file'],
  },
  {
    title: 'a file that another one has been moved over',
    before: async (opened) => {
      opened.memory.put('/source', 'other')
      await whole(opened)
      await opened.get('/source')
      await opened.backend.move(at('/source'), at('/file'), never)
    },
    does: async (opened) => {
      expect(await opened.get('/file')).toBe('other')
    },
    costs: ['stat /file'],
  },
  {
    title: 'a file that was removed',
    before: async (opened) => {
      await whole(opened)
      await opened.backend.remove(at('/file'), never)
    },
    does: (opened) => expect(opened.get('/file')).rejects.toMatchObject({ code: 'not-found' }),
    costs: ['read /file'],
  },
  {
    title: 'a cached file that somebody else has removed',
    before: async (opened) => {
      await whole(opened)
      opened.memory.delete('/file')
    },
    does: (opened) => expect(opened.get('/file')).rejects.toMatchObject({ code: 'not-found' }),
    costs: ['stat /file'],
  },
  {
    title: 'a directory',
    does: (opened) => expect(opened.get('/')).rejects.toMatchObject({ code: 'is-a-directory' }),
    costs: ['read /'],
  },
  {
    title: 'a cached file whose place a directory has taken',
    before: async (opened) => {
      await whole(opened)
      opened.memory.delete('/file')
      opened.memory.mkdir('/file')
    },
    does: (opened) => expect(opened.get('/file')).rejects.toMatchObject({ code: 'is-a-directory' }),
    costs: ['stat /file', 'read /file'],
  },
]

describe('calls to the backend', () => {
  it.each(cases)('$title costs $costs', async ({ before, does, costs }) => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    opened.memory.put('/empty', '')
    await before?.(opened)
    await opened.quiet()
    opened.calls()
    await does(opened)
    expect(opened.calls()).toEqual(costs)
  })

  it('ask for no more of a large file than the blocks that a range touches', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    await part(blockBytes + 10, blockBytes + 20)(opened)
    await opened.quiet()
    expect(opened.reads.map(({ range, takenBytes }) => ({ range, takenBytes }))).toEqual([
      { range: { start: blockBytes, end: 2 * blockBytes - 1 }, takenBytes: blockBytes },
    ])
  })

  it('ask for each far gap on its own, and for gaps that lie close together as few as there may be at once', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    for (const block of [1, 3, 5, 6, 7, 9, 11]) await part(block * blockBytes, block * blockBytes)(opened)
    opened.reads.length = 0
    await whole(opened)
    expect(
      opened.reads.map(({ range }) => range && [range.start / blockBytes, (range.end + 1) / blockBytes]),
    ).toEqual([
      [0, 5],
      [8, 9],
      [10, 11],
      [12, 13],
    ])
  })

  it('are told apart in the counters', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    await whole(opened)
    await whole(opened)
    await part(5, 6)(opened)
    await opened.quiet()
    const { hits, misses, storedBytes } = opened.cache.counters()
    expect({ hits, misses }).toEqual({ hits: 2, misses: 1 })
    expect(storedBytes).toBeGreaterThanOrEqual(size)
    expect(storedBytes).toBeLessThan(size * 1.01)
  })

  it('are served from the cache when the backend is silent, rather than not at all', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    await whole(opened)
    await opened.quiet()
    using _fault = opened.faults.inject({ methods: ['stat'], effect: { kind: 'error', code: 'stalled' } })
    await whole(opened)
    await part(0, 9)(opened)
    opened.memory.put('/partly', text)
    await opened.get('/partly', { start: 0, end: 9 })
    using _other = opened.faults.inject({ methods: ['read'], effect: { kind: 'error', code: 'stalled' } })
    await expect(opened.get('/partly')).rejects.toMatchObject({ code: 'stalled' })
  })

  it('pass by a cache of no size', async () => {
    await using opened = openCache({ maxBytes: 0 })
    opened.memory.put('/file', text)
    await whole(opened)
    await whole(opened)
    expect(opened.calls()).toEqual(['read /file', 'read /file'])
    expect(opened.cache.counters()).toEqual({ hits: 0, misses: 0, storedBytes: 0 })
  })
})
