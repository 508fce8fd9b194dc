import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { describe, expect, it } from 'vitest'

import { waitFor } from '../../../../harness/wait-for.ts'
import {
  at,
  blockBytes,
  mebibyte,
  never,
  openCache,
  textFor,
  textOf,
  type OpenedCache,
} from './open-cache.ts'

const text = textFor(mebibyte)

/** Reads files of one MiB each, one after the other; each is in the index before the next one is read. */
async function fill(opened: OpenedCache, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    opened.memory.put(`/${name}`, text)
    await opened.get(`/${name}`)
    await recorded(opened, `/${name}`)
  }
}

async function recorded({ dir }: OpenedCache, path: string): Promise<void> {
  using index = new DatabaseSync(join(dir, 'index.sqlite'), { readOnly: true })
  const count = index.prepare(
    'SELECT count(*) AS blocks FROM block JOIN entry ON block.entry = entry.id WHERE path = ?',
  )
  await waitFor(() => count.get(path)?.['blocks'] === text.length / blockBytes, { what: path, everyMs: 1 })
}

/** Those of the files that are read without a byte from the backend; looks at each of them once. */
async function cachedOf(opened: OpenedCache, ...names: readonly string[]): Promise<string[]> {
  const cached: string[] = []
  for (const name of names) {
    opened.calls()
    const probe = await opened.open(`/${name}`, { start: 5, end: 6 })
    if (opened.calls().every((line) => line.startsWith('stat '))) cached.push(name)
    await probe.close()
  }
  return cached
}

describe('a cache that is full', () => {
  it('forgets what was used longest ago', async () => {
    await using opened = openCache({ maxBytes: 3.5 * mebibyte })
    await fill(opened, 'a', 'b', 'c')
    await opened.get('/a')
    await fill(opened, 'd')
    expect(await cachedOf(opened, 'a', 'c', 'd', 'b')).toEqual(['a', 'c', 'd'])
  })

  it('never takes more than its share', async () => {
    await using opened = openCache({ maxBytes: 3.5 * mebibyte })
    for (let round = 0; round < 3; round += 1) {
      await fill(opened, ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}${round}`))
      expect(opened.cache.counters().storedBytes).toBeLessThanOrEqual(3.5 * mebibyte)
      expect(opened.cache.counters().storedBytes).toBeGreaterThan(2 * mebibyte)
    }
  })

  it('keeps what is being read', async () => {
    await using opened = openCache({ maxBytes: 2.5 * mebibyte })
    await fill(opened, 'read', 'b')
    const reading = await opened.open('/read')
    await fill(opened, 'c', 'd', 'e')
    expect(await textOf(reading)).toBe(text)
    expect(opened.memory.calls.read).toBe(5)
    expect(await cachedOf(opened, 'read', 'e', 'b')).toEqual(['read', 'e'])
  })

  it('lets a file that is larger than all of it through, without giving up the others for it', async () => {
    await using opened = openCache({ maxBytes: 4 * mebibyte })
    await fill(opened, 'a', 'b')
    const large = textFor(9 * mebibyte)
    opened.memory.put('/large', large)
    expect((await opened.get('/large')) === large).toBe(true)
    expect((await opened.get('/large')) === large).toBe(true)
    expect(await cachedOf(opened, 'a', 'b')).toEqual(['a', 'b'])
  })

  it('has room again for what was removed, replaced or overwritten', async () => {
    await using opened = openCache({ maxBytes: 2.5 * mebibyte })
    for (let round = 0; round < 10; round += 1) {
      opened.memory.put('/a', textFor(mebibyte, round + 1))
      expect(await opened.get('/a')).toBe(textFor(mebibyte, round + 1))
      await recorded(opened, '/a')
    }
    await fill(opened, 'b')
    expect(await cachedOf(opened, 'a', 'b')).toEqual(['a', 'b'])
    expect(opened.cache.counters().storedBytes).toBeLessThan(2.2 * mebibyte)
  })
})

describe('a new start', () => {
  it('finds the files, their order of use and what they take', async () => {
    await using opened = openCache({ maxBytes: 3.5 * mebibyte })
    await fill(opened, 'a', 'b', 'c')
    await opened.get('/a')
    const { storedBytes } = opened.cache.counters()
    await opened.restart()
    expect(opened.cache.counters()).toEqual({ hits: 0, misses: 0, storedBytes })
    await fill(opened, 'd')
    expect(await cachedOf(opened, 'a', 'c', 'd', 'b')).toEqual(['a', 'c', 'd'])
  })

  it('finds parts of files', async () => {
    await using opened = openCache()
    opened.memory.put('/file', textFor(4 * mebibyte))
    await opened.get('/file', { start: 2 * blockBytes, end: 4 * blockBytes - 1 })
    await opened.restart()
    opened.calls()
    await opened.get('/file', { start: 2 * blockBytes + 5, end: 3 * blockBytes })
    expect(opened.calls()).toEqual(['stat /file'])
  })

  it('finds a moved file at its new place', async () => {
    await using opened = openCache()
    await fill(opened, 'a')
    await opened.backend.move(at('/a'), at('/b'), never)
    await opened.restart()
    expect(await cachedOf(opened, 'b')).toEqual(['b'])
  })

  it('with less to spend forgets as much when it needs room', async () => {
    await using opened = openCache({ maxBytes: 10 * mebibyte })
    await fill(opened, 'a', 'b', 'c', 'd')
    await opened.restart({ maxBytes: 2.5 * mebibyte })
    await fill(opened, 'e')
    expect(opened.cache.counters().storedBytes).toBeLessThanOrEqual(2.5 * mebibyte)
    expect(await cachedOf(opened, 'e', 'a')).toEqual(['e'])
  })
})

describe('the reserve of the disk', () => {
  it('is never taken: files go through without being kept', async () => {
    await using opened = openCache()
    const { bavail, bsize } = statfsSync(opened.dir)
    await opened.restart({ reserveBytes: bavail * bsize * 2 })
    opened.memory.put('/a', text)
    expect(await opened.get('/a')).toBe(text)
    expect(await opened.get('/a')).toBe(text)
    expect(opened.cache.counters().storedBytes).toBe(0)
  })
})
