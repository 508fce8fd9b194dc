import { describe, expect, it } from 'vitest'

import { waitFor } from '../../../../harness/wait-for.ts'
import { blockBytes, inTime, mebibyte, openCache, textFor, type OpenedCache } from './open-cache.ts'

const size = 14 * mebibyte
const text = textFor(size)
const latencyMs = 20

/** A cache over `/file` at a backend that takes 20 ms per call and, where told, for every MiB of a body. */
function openSlow(effects: { readonly perMebibyte: boolean }): OpenedCache {
  const opened = openCache()
  opened.memory.put('/file', text)
  opened.faults.inject({ effect: { kind: 'latency', latencyMs } })
  if (effects.perMebibyte)
    opened.faults.inject({
      methods: ['read'],
      effect: { kind: 'drip', chunkBytes: mebibyte, everyMs: latencyMs },
    })
  return opened
}

function readsAt(opened: OpenedCache): number {
  return opened.reads.filter(({ isOver }) => !isOver).length
}

describe('a file that is read from front to back', () => {
  it('is fetched by several reads at once where the backend takes its time for each piece', async () => {
    await using opened = openSlow({ perMebibyte: true })
    expect((await inTime(opened.clock, opened.get('/file'))) === text).toBe(true)
    expect(opened.mostReadsAtOnce()).toBeGreaterThanOrEqual(5)
    expect(opened.mostReadsAtOnce()).toBeLessThanOrEqual(13)
  })

  it('is fetched about once for all that', async () => {
    await using opened = openSlow({ perMebibyte: true })
    await inTime(opened.clock, opened.get('/file'))
    await opened.quiet()
    const fetched = opened.reads.reduce((sum, { takenBytes }) => sum + takenBytes, 0)
    expect(fetched).toBeLessThan(size * 1.25)
  })

  it('is fetched by one read where only the calls take time', async () => {
    await using opened = openSlow({ perMebibyte: false })
    expect((await inTime(opened.clock, opened.get('/file'))) === text).toBe(true)
    expect(opened.calls()).toEqual(['read /file'])
  })

  it('is still what it was when it is replaced after several reads have begun', async () => {
    await using opened = openSlow({ perMebibyte: true })
    const reading = opened.get('/file')
    await Promise.all([
      inTime(
        opened.clock,
        waitFor(() => readsAt(opened) > 3, { what: 'several reads', everyMs: 1 }),
      ),
    ])
    opened.memory.put('/file', textFor(size, 2))
    expect((await inTime(opened.clock, reading)) === text).toBe(true)
    expect((await inTime(opened.clock, opened.get('/file'))) === textFor(size, 2)).toBe(true)
  })

  it('leaves other files as many reads as they need when several are read at once', async () => {
    await using opened = openSlow({ perMebibyte: true })
    const names = ['/1', '/2', '/3', '/4', '/5']
    for (const name of names) opened.memory.put(name, text)
    const texts = await inTime(opened.clock, Promise.all(names.map((name) => opened.get(name))))
    for (const read of texts) expect(read === text).toBe(true)
    expect(opened.mostReadsAtOnce()).toBeLessThanOrEqual(2 * 5 + 12)
  })
})

describe('a file that is asked for range by range', () => {
  const step = mebibyte / 2
  const request = (opened: OpenedCache, index: number): Promise<string> =>
    opened.get('/file', { start: index * step, end: (index + 1) * step - 1 })

  /** The blocks that were fetched beyond the ranges asked for, as the first and the one after the last. */
  const ahead = (opened: OpenedCache): number[][] =>
    opened.reads.map(({ range }) => [range!.start / blockBytes, (range!.end + 1) / blockBytes])

  it('is fetched ahead from the second request in order on, further with each', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    await request(opened, 0)
    expect(ahead(opened)).toEqual([[0, 2]])
    await request(opened, 1)
    expect(ahead(opened).slice(1)).toEqual([
      [2, 4],
      [4, 6],
    ])
    await opened.quiet()
    for (let index = 2; index < 8; index += 1) {
      await request(opened, index)
      await opened.quiet()
    }
    const furthest = Math.max(...ahead(opened).map(([, end]) => end!))
    expect(furthest).toBe(16 + 32)
  })

  it('costs no byte that has not been fetched when it is asked for', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    for (let index = 0; index < 4; index += 1) {
      await request(opened, index)
      await opened.quiet()
    }
    opened.calls()
    expect((await request(opened, 4)) === text.slice(4 * step, 5 * step)).toBe(true)
    expect(opened.calls()[0]).toBe('stat /file')
  })

  it('is no longer fetched ahead after a jump, and what was on its way is stopped', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    await request(opened, 0)
    await request(opened, 1)
    await opened.quiet()
    opened.faults.inject({ methods: ['read'], times: 1, effect: { kind: 'body-stall', afterBytes: 0 } })
    await request(opened, 2)
    expect(readsAt(opened)).toBe(1)
    await request(opened, 25)
    await opened.quiet()
    const count = opened.reads.length
    await request(opened, 18)
    expect(opened.reads.length).toBe(count + 1)
  })

  it('is not fetched ahead by requests in no order', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    for (const index of [9, 3, 25, 12]) await request(opened, index)
    expect(opened.reads).toHaveLength(4)
  })
})
