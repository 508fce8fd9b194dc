import { describe, expect, it } from 'vitest'

import type { OpenedFile } from '../../../../../src-main/front/vfs/backend.ts'
import { within, waitFor } from '../../../../harness/wait-for.ts'
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

const text = textFor(4 * mebibyte)

/** A cache over `/file`, whose bodies stand still after `afterBytes` until the fault is lifted. */
function openHeldUp(afterBytes: number): { opened: OpenedCache; fault: Disposable } {
  const opened = openCache()
  opened.memory.put('/file', text)
  const fault = opened.faults.inject({ methods: ['read'], effect: { kind: 'body-stall', afterBytes } })
  return { opened, fault }
}

/** Takes chunks until `bytes` of them have come. */
async function take(chunks: AsyncIterator<Uint8Array>, bytes: number): Promise<string> {
  let taken = ''
  while (taken.length < bytes) {
    const step = await chunks.next()
    if (step.done === true) break
    taken += Buffer.from(step.value).toString()
  }
  return taken
}

function chunksOfBody({ body }: OpenedFile): AsyncIterator<Uint8Array> {
  return body[Symbol.asyncIterator]()
}

describe('readers of one file at once', () => {
  it('share one read that all of them waited for', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    const texts = await Promise.all([1, 2, 3, 4, 5].map(() => opened.get('/file')))
    for (const read of texts) expect(read).toBe(text)
    expect(opened.calls()).toEqual(['read /file'])
  })

  it('join a read that is under way after a look at the version', async () => {
    const { opened, fault } = openHeldUp(mebibyte)
    await using _opened = opened
    const first = opened.get('/file')
    await waitFor(() => opened.reads[0]?.takenBytes === mebibyte, { what: 'the first MiB', everyMs: 1 })
    const second = opened.get('/file')
    await waitFor(() => opened.memory.calls.stat === 1, { what: 'the look', everyMs: 1 })
    fault[Symbol.dispose]()
    expect(await first).toBe(text)
    expect(await second).toBe(text)
    expect(opened.calls()).toEqual(['read /file', 'stat /file'])
  })

  it('get bytes as they arrive, long before a block is whole', async () => {
    const { opened } = openHeldUp(1000)
    await using _opened = opened
    const chunks = chunksOfBody(await opened.open('/file'))
    expect(await within(take(chunks, 1000), 'what has arrived')).toBe(text.slice(0, 1000))
    await chunks.return?.()
  })

  it('do not lose it when the first of them goes away', async () => {
    const { opened, fault } = openHeldUp(mebibyte)
    await using _opened = opened
    const abort = new AbortController()
    const leaving = await opened.open('/file', undefined, abort)
    const staying = await opened.open('/file')
    const chunks = chunksOfBody(leaving)
    await take(chunks, 1000)
    abort.abort()
    await expect(take(chunks, mebibyte)).rejects.toMatchObject({ code: 'cancelled' })
    fault[Symbol.dispose]()
    expect(await textOf(staying)).toBe(text)
    expect(opened.reads).toHaveLength(1)
  })

  it('do not lose it when the first goes away before the backend has answered', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    const fault = opened.faults.inject({ methods: ['read'], effect: { kind: 'stall' } })
    const abort = new AbortController()
    const leaving = opened.open('/file', undefined, abort)
    const staying = opened.get('/file')
    abort.abort()
    await expect(leaving).rejects.toMatchObject({ code: 'cancelled' })
    fault[Symbol.dispose]()
    expect(await staying).toBe(text)
    expect(opened.reads).toHaveLength(1)
  })

  it.each(['abort', 'close', 'return'] as const)(
    'stop it at once when the last of them leaves by %s, and keep what has arrived',
    async (way) => {
      const { opened, fault } = openHeldUp(blockBytes * 3 + 1000)
      await using _opened = opened
      const abort = new AbortController()
      const file = await opened.open('/file', undefined, abort)
      const chunks = chunksOfBody(file)
      const other = await opened.open('/file')
      await take(chunks, 3 * blockBytes)
      await other.close()
      expect(opened.reads.map(({ isOver }) => isOver)).toEqual([false])
      if (way === 'abort') abort.abort()
      else if (way === 'close') await file.close()
      else await chunks.return?.()
      expect(opened.reads.map(({ isOver }) => isOver)).toEqual([true])

      fault[Symbol.dispose]()
      opened.reads.length = 0
      expect(await opened.get('/file')).toBe(text)
      expect(opened.reads.map(({ range }) => range?.start)).toEqual([3 * blockBytes])
    },
  )

  it('stop a read that the backend has not answered when the last of them leaves', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    using _fault = opened.faults.inject({ methods: ['read'], effect: { kind: 'stall' } })
    const aborts = [new AbortController(), new AbortController()]
    const waiting = aborts.map((abort) => opened.open('/file', undefined, abort))
    await waitFor(() => opened.faults.heldUp === 1, { what: 'the read', everyMs: 1 })
    for (const abort of aborts) abort.abort()
    for (const open of waiting) await expect(open).rejects.toMatchObject({ code: 'cancelled' })
    expect(opened.reads.map(({ isOver }) => isOver)).toEqual([true])
  })

  it('all hear of a failure that the shared read has from the start', async () => {
    await using opened = openCache()
    const results = await Promise.allSettled([opened.get('/nothing'), opened.get('/nothing')])
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'not-found' } })
    expect(opened.calls()).toEqual(['read /nothing'])
  })

  it('go on with another read when one breaks off', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    opened.faults.inject({
      methods: ['read'],
      times: 1,
      effect: { kind: 'disconnect', afterBytes: mebibyte + 77, code: 'stalled' },
    })
    opened.faults.inject({
      methods: ['read'],
      times: 1,
      effect: { kind: 'short-read', afterBytes: mebibyte },
    })
    const texts = await Promise.all([opened.get('/file'), opened.get('/file')])
    for (const read of texts) expect(read).toBe(text)
  })

  it('hear of it when every further read breaks off at once', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    opened.faults.inject({
      methods: ['read'],
      effect: { kind: 'disconnect', afterBytes: 0, code: 'stalled' },
    })
    await expect(opened.get('/file')).rejects.toMatchObject({ code: 'stalled' })
    expect(opened.reads.length).toBeLessThan(5)
  })

  it.each([
    ['on to the disk', 1024 * mebibyte],
    ['where the disk has no room', 1],
  ])('are not run ahead of by more than a few megabytes, %s', async (_where, maxBytes) => {
    await using opened = openCache({ maxBytes })
    opened.memory.put('/file', textFor(24 * mebibyte))
    const file = await opened.open('/file')
    const chunks = chunksOfBody(file)
    await take(chunks, blockBytes)
    const takenBytes = (): number => opened.reads[0]?.takenBytes ?? 0
    await waitFor(() => takenBytes() > mebibyte, { what: 'it to run ahead', everyMs: 1 })
    opened.memory.put('/other', textFor(24 * mebibyte))
    await opened.get('/other')
    expect(takenBytes()).toBeLessThanOrEqual(4 * mebibyte)
    await file.close()
  })

  it('that are slow hold up nobody else', async () => {
    await using opened = openCache()
    for (let index = 0; index < 5; index += 1) opened.memory.put(`/slow ${index}`, text)
    opened.memory.put('/other', text)
    using _fault = opened.faults.inject({
      path: '^/slow',
      methods: ['read'],
      effect: { kind: 'body-stall', afterBytes: 10 },
    })
    const slow = await Promise.all([0, 1, 2, 3, 4].map((index) => opened.open(`/slow ${index}`)))
    const waiting = slow.map((file) => take(chunksOfBody(file), mebibyte))
    expect(await within(opened.get('/other'), 'another file')).toBe(text)
    expect((await within(opened.backend.list(at('/'), never), 'a listing')).entries.size).toBe(6)
    expect(await within(opened.get('/other'), 'a cached file')).toBe(text)
    await Promise.all(slow.map((file) => file.close()))
    await Promise.all(waiting)
  })

  it('are cancelled when the cache is disposed, and what they got is kept', async () => {
    const { opened } = openHeldUp(2 * blockBytes)
    await using _opened = opened
    const chunks = chunksOfBody(await opened.open('/file'))
    await take(chunks, 2 * blockBytes)
    const waiting = expect(take(chunks, mebibyte)).rejects.toMatchObject({ code: 'cancelled' })
    await opened.restart()
    await waiting
    opened.calls()
    expect(await opened.get('/file', { start: 0, end: 2 * blockBytes - 1 })).toBe(
      text.slice(0, 2 * blockBytes),
    )
    expect(opened.calls()).toEqual(['stat /file'])
  })
})
