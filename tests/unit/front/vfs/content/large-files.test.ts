import { describe, expect, it } from 'vitest'

import { seededRandom } from '../../../../fakes/seeded-random.ts'
import { putLarge, type LargeFile } from './large-file.ts'
import { blockBytes, mebibyte, openCache, type OpenedCache } from './open-cache.ts'

const size = 100 * mebibyte
const kibibyte = 1024

async function openLarge(
  options: Parameters<typeof openCache>[0] = {},
  bytes = size,
): Promise<{ opened: OpenedCache; file: LargeFile }> {
  const opened = openCache(options)
  return { opened, file: await putLarge(opened.memory, '/file', bytes) }
}

async function readWhole(opened: OpenedCache, file: LargeFile): Promise<void> {
  expect(await file.check(await opened.open('/file'))).toBe(size)
}

/** Reads from `start` to `end` in requests of `stepBytes`, each of which takes a moment. */
async function readInOrder(
  opened: OpenedCache,
  file: LargeFile,
  {
    start,
    end,
    stepBytes,
    takesMs = 0,
  }: Record<'start' | 'end' | 'stepBytes', number> & { takesMs?: number },
): Promise<void> {
  for (let position = start; position < end; position += stepBytes) {
    const range = { start: position, end: Math.min(position + stepBytes, end) - 1 }
    await file.check(await opened.open('/file', range), range)
    if (takesMs > 0) await opened.clock.advance(takesMs)
  }
}

function takenBytes(opened: OpenedCache): number {
  return opened.reads.reduce((sum, read) => sum + read.takenBytes, 0)
}

describe('100 MiB', { timeout: 30_000 }, () => {
  it.each([
    ['into the cache', {}],
    ['past a full disk', { maxBytes: 1 }],
  ])('cost one read as a whole, %s', async (_where, options) => {
    const { opened, file } = await openLarge(options)
    await using _opened = opened
    await readWhole(opened, file)
    expect(opened.calls()).toEqual(['read /file'])
    expect(opened.reads).toMatchObject([{ range: undefined, takenBytes: size }])
  })

  it('cost one read for two at once', async () => {
    const { opened, file } = await openLarge()
    await using _opened = opened
    await Promise.all([readWhole(opened, file), readWhole(opened, file)])
    expect(opened.calls()).toEqual(['read /file'])
  })

  it('cost one read and a look for a second reader that comes later', async () => {
    const { opened, file } = await openLarge()
    await using _opened = opened
    const first = readWhole(opened, file)
    while (takenBytes(opened) < size / 4) await new Promise(setImmediate)
    await Promise.all([first, readWhole(opened, file)])
    expect(opened.calls()).toEqual(['read /file', 'stat /file'])
  })

  it.each([
    ['64 KiB', 64 * kibibyte],
    ['a million bytes', 1_000_000],
    ['1 MiB', mebibyte],
    ['8 MiB', 8 * mebibyte],
    ['30 MiB', 30 * mebibyte],
  ])('cost at most six calls in requests of %s, one after the other', async (_step, stepBytes) => {
    const { opened, file } = await openLarge()
    await using _opened = opened
    await readInOrder(opened, file, { start: 0, end: size, stepBytes })
    expect(opened.calls().length).toBeLessThanOrEqual(6)
    expect(takenBytes(opened)).toBe(size)
  })

  it('cost at most eight calls in requests of 1 MiB that take ten seconds together', async () => {
    const { opened, file } = await openLarge()
    await using _opened = opened
    await readInOrder(opened, file, { start: 0, end: size, stepBytes: mebibyte, takesMs: 100 })
    expect(opened.calls().length).toBeLessThanOrEqual(8)
  })

  it('cost at most six calls in requests of 1 MiB past a full disk', async () => {
    const { opened, file } = await openLarge({ maxBytes: 1 })
    await using _opened = opened
    await readInOrder(opened, file, { start: 0, end: size, stepBytes: mebibyte })
    expect(opened.calls().length).toBeLessThanOrEqual(6)
    expect(takenBytes(opened)).toBeLessThanOrEqual(size * 1.1)
  })

  it('cost little more with a seek in the middle, and little of what is skipped is fetched', async () => {
    const { opened, file } = await openLarge()
    await using _opened = opened
    await readInOrder(opened, file, { start: 0, end: 20 * mebibyte, stepBytes: mebibyte })
    await readInOrder(opened, file, { start: 60 * mebibyte, end: 80 * mebibyte, stepBytes: mebibyte })
    expect(opened.memory.calls.read).toBeLessThanOrEqual(8)
    expect(takenBytes(opened)).toBeLessThanOrEqual((40 + 2 * 10) * mebibyte)
  })

  it('cost one read more for each that breaks off, and no byte twice but those of a block', async () => {
    const { opened, file } = await openLarge()
    await using _opened = opened
    opened.faults.inject({
      methods: ['read'],
      times: 1,
      effect: { kind: 'disconnect', afterBytes: size / 2 + 1000, code: 'stalled' },
    })
    await readWhole(opened, file)
    expect(opened.calls()).toEqual(['read /file', 'read /file'])
    expect(takenBytes(opened)).toBeLessThanOrEqual(size + blockBytes)
  })

  it('cost one read more in requests in order, too, when a piece breaks off', async () => {
    const { opened, file } = await openLarge()
    await using _opened = opened
    await readInOrder(opened, file, { start: 0, end: 2 * mebibyte, stepBytes: mebibyte })
    opened.faults.inject({
      methods: ['read'],
      times: 1,
      effect: { kind: 'disconnect', afterBytes: 5 * mebibyte + 1000, code: 'stalled' },
    })
    await readInOrder(opened, file, { start: 2 * mebibyte, end: size, stepBytes: mebibyte })
    expect(opened.calls().length).toBeLessThanOrEqual(8)
    expect(takenBytes(opened)).toBeLessThanOrEqual(size + 2 * blockBytes)
  })

  it('are not fetched on once their reader has left', async () => {
    const { opened } = await openLarge()
    await using _opened = opened
    const abort = new AbortController()
    const body = (await opened.open('/file', undefined, abort)).body[Symbol.asyncIterator]()
    for (let taken = 0; taken < 10 * mebibyte;) taken += ((await body.next()).value as Uint8Array).length
    abort.abort()
    await opened.quiet()
    expect(opened.memory.calls.read).toBe(1)
    expect(takenBytes(opened)).toBeLessThan(20 * mebibyte)
  })
})

describe('a GiB', { timeout: 30_000 }, () => {
  it('that is read here and there is fetched only there', async () => {
    const bytes = 1024 * mebibyte
    const { opened, file } = await openLarge({}, bytes)
    await using _opened = opened
    const random = seededRandom(7)
    const count = 200
    for (let index = 0; index < count; index += 1) {
      const start = Math.floor(random() * (bytes - 64 * kibibyte))
      const range = { start, end: start + 64 * kibibyte - 1 }
      await file.check(await opened.open('/file', range), range)
    }
    await opened.quiet()
    expect(takenBytes(opened)).toBeLessThanOrEqual(count * 2 * blockBytes)
    expect(opened.calls().length).toBeLessThanOrEqual(count)
  })

  it('that is read here and there in pairs is fetched little further', async () => {
    const bytes = 1024 * mebibyte
    const { opened, file } = await openLarge({}, bytes)
    await using _opened = opened
    const count = 50
    for (let index = 0; index < count; index += 1) {
      const start = ((index * 37) % count) * 20 * mebibyte
      await readInOrder(opened, file, { start, end: start + 128 * kibibyte, stepBytes: 64 * kibibyte })
    }
    expect(takenBytes(opened)).toBeLessThanOrEqual(count * (5 * blockBytes + mebibyte))
  })
})
