import { describe, expect, it } from 'vitest'

import { AppError } from '../../../../../src-main/shared/errors.ts'
import { at, call, OpenedQueue } from './open-queue.ts'

describe('a save', () => {
  it('is answered without any call, seen at once, and delivered by itself with a look and a write', async () => {
    await using opened = new OpenedQueue()
    const gate = Promise.withResolvers<undefined>()
    opened.backend.scriptEveryCall({ before: gate.promise })
    const promised = await opened.put('/a.txt', 'hello')
    expect(promised).toMatchObject({ kind: 'file', size: 5, modifiedMs: opened.clock.now() })
    expect(await opened.queue.backend.stat(at('/a.txt'), call)).toEqual(promised)
    expect(await opened.text('/a.txt')).toBe('hello')
    await opened.settle()
    expect(opened.backend.log).toEqual(['stat /a.txt'])
    gate.resolve(undefined)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a.txt': 'hello' })
    expect(opened.backend.log).toEqual(['stat /a.txt', 'write /a.txt'])
    expect(await opened.names('/')).toEqual(['a.txt'])
    expect(opened.events.map(({ type }) => type)).toEqual(['accepted', 'delivered'])
    expect(opened.store.load()).toEqual([])
    expect(opened.queue.totals()).toMatchObject({ pending: 0, pendingBytes: 0, delivered: 1 })
  })

  it('keeps what clients were told after the delivery, in listings, lookups and reads, and after a restart', async () => {
    await using opened = new OpenedQueue()
    const promised = await opened.put('/a', 'text')
    await opened.clock.advance(60_000)
    for (const _life of ['first', 'second']) {
      expect(await opened.queue.backend.stat(at('/a'), call)).toEqual(promised)
      const { entries } = await opened.queue.backend.list(at('/'), call)
      expect(entries.get('a')).toEqual(promised)
      const opening = await opened.queue.backend.read(at('/a'), undefined, call)
      expect(opening.attributes).toEqual(promised)
      await opened.restart()
    }
  })

  it('shows the new attributes when somebody else changes the file afterwards', async () => {
    await using opened = new OpenedQueue()
    const promised = await opened.put('/a', 'text')
    await opened.clock.advance(1_000)
    opened.backend.put('/a', 'theirs')
    expect(await opened.queue.backend.stat(at('/a'), call)).not.toEqual(promised)
    expect(await opened.text('/a')).toBe('theirs')
  })

  it('over one that was delivered is based on what the delivery left, so it is no conflict', async () => {
    await using opened = new OpenedQueue()
    await opened.put('/a', 'one')
    await opened.settle()
    await opened.clock.advance(5_000)
    await opened.put('/a', 'two')
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'two' })
    expect(opened.queue.totals()).toMatchObject({ conflicts: 0, delivered: 2 })
  })

  it('waits for nobody: an empty file and the content that follows are one write', async () => {
    await using opened = new OpenedQueue()
    await opened.put('/a', '')
    await opened.clock.advance(1_900)
    expect(opened.backend.log).toEqual([])
    await opened.put('/a', 'content')
    await opened.clock.advance(10_000)
    expect(opened.backend.log).toEqual(['stat /a', 'write /a'])
    expect(opened.backend.snapshot()).toEqual({ '/a': 'content' })
  })

  it('of an empty file that stays empty is delivered after a moment', async () => {
    await using opened = new OpenedQueue()
    await opened.put('/a', '')
    await opened.clock.advance(2_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': '' })
  })

  it('leaves a listing whole that was on its way while the delivery happened', async () => {
    await using opened = new OpenedQueue()
    const answer = Promise.withResolvers<undefined>()
    await opened.put('/a', 'text')
    opened.backend.script('list', { after: answer.promise })
    const listing = opened.queue.backend.list(at('/'), call)
    await opened.settle()
    expect(opened.queue.totals().delivered).toBe(1)
    answer.resolve(undefined)
    expect([...(await listing).entries.keys()]).toEqual(['a'])
  })
})

describe('several saves', () => {
  it('of one path: the newest wins, and those between are never sent', async () => {
    await using opened = new OpenedQueue()
    const gate = Promise.withResolvers<undefined>()
    opened.backend.script('write', { before: gate.promise })
    await opened.put('/a', 'first')
    await opened.settle()
    for (const text of ['second', 'third', 'fourth']) await opened.put('/a', text)
    expect(await opened.text('/a')).toBe('fourth')
    gate.resolve(undefined)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'fourth' })
    expect(opened.backend.calls.write).toBe(2)
    expect(opened.queue.totals()).toMatchObject({ pending: 0, conflicts: 0 })
  })

  it('of one path: a newer body takes over while the older one is still looking', async () => {
    await using opened = new OpenedQueue()
    const gate = Promise.withResolvers<undefined>()
    opened.backend.script('stat', { before: gate.promise })
    await opened.put('/a', 'first')
    await opened.settle()
    await opened.put('/a', 'second')
    gate.resolve(undefined)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'second' })
    expect(opened.backend.calls.write).toBe(1)
  })

  it('of one path: a body that becomes durable in the middle of a delivery inherits what that leaves behind', async () => {
    await using opened = new OpenedQueue()
    const writing = Promise.withResolvers<undefined>()
    const committing = Promise.withResolvers<undefined>()
    opened.backend.script('write', { after: writing.promise })
    await opened.put('/a', 'first')
    await opened.settle()
    opened.store.commitGate = committing.promise
    const second = opened.put('/a', 'second')
    await opened.settle()
    writing.resolve(undefined)
    await opened.settle()
    committing.resolve(undefined)
    await second
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'second' })
    expect(opened.queue.totals()).toMatchObject({ pending: 0, conflicts: 0 })
  })

  it('of one path: one that fails to become durable leaves the one before as it was', async () => {
    await using opened = new OpenedQueue()
    const gate = Promise.withResolvers<undefined>()
    opened.backend.script('stat', { before: gate.promise })
    await opened.put('/a', 'first')
    opened.store.commitError = new AppError('no-space')
    await expect(opened.put('/a', 'second')).rejects.toMatchObject({ code: 'no-space' })
    expect(await opened.text('/a')).toBe('first')
    gate.resolve(undefined)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'first' })
  })

  it('of many paths go side by side, at most four at a time, the oldest first', async () => {
    await using opened = new OpenedQueue()
    const gates = Array.from({ length: 10 }, () => Promise.withResolvers<undefined>())
    opened.backend.script('write', ...gates.map(({ promise }) => ({ before: promise })))
    for (let index = 0; index < 10; index++) await opened.put(`/file ${index}`, 'text')
    await opened.settle()
    const writes = (): string[] => opened.backend.log.filter((line) => line.startsWith('write'))
    expect(writes()).toEqual(['write /file 0', 'write /file 1', 'write /file 2', 'write /file 3'])
    expect(opened.queue.list().map(({ state }) => state)).toEqual([
      ...Array.from({ length: 4 }, () => 'delivering'),
      ...Array.from({ length: 6 }, () => 'waiting'),
    ])
    gates[2]!.resolve(undefined)
    await opened.settle()
    expect(writes().at(-1)).toBe('write /file 4')
    for (const gate of gates) gate.resolve(undefined)
    await opened.settle()
    expect(writes()).toEqual(Array.from({ length: 10 }, (_, index) => `write /file ${index}`))
  })
})

it.each(['its body', 'the answer'])(
  'a save that is taken in at any moment of the end of a delivery, %s first, replaces what that brings, and is no conflict',
  async (what) => {
    for (let turns = 0; turns <= 80; turns += 1) {
      await using opened = new OpenedQueue()
      const [answer, end] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
      opened.backend.script('write', { after: answer.promise })
      await opened.put('/a', 'first')
      await opened.settle()
      const saving = opened.queue.backend.write(at('/a'), endingWith(end.promise), call)
      await opened.settle()

      const [first, second] = what === 'its body' ? [end, answer] : [answer, end]
      first.resolve(undefined)
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      second.resolve(undefined)
      opened.known.set('/a', await saving)
      await opened.clock.advance(5_000)
      await opened.settle()
      expect(opened.backend.snapshot(), `${turns} turns between`).toEqual({ '/a': 'second' })
    }
  },
)

async function* endingWith(end: Promise<unknown>): AsyncGenerator<Uint8Array> {
  yield Buffer.from('second')
  await end
}
