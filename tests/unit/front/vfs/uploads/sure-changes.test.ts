import { describe, expect, it } from 'vitest'

import { FaultBackend } from '../../../../fakes/fault-backend.ts'
import type { Effect } from '../../../../fakes/faults.ts'
import { MemoryBackend } from '../../../../fakes/memory-backend.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { at, call, OpenedQueue } from './open-queue.ts'

const lost: Effect = { kind: 'lost-answer', code: 'stalled' }
const broken: Effect = { kind: 'error', code: 'stalled' }
const changes = ['makeDirectory', 'move', 'remove'] as const
type Change = (typeof changes)[number]

/** A queue over a bridge whose calls go wrong as told. */
class Opened extends OpenedQueue {
  readonly faults: FaultBackend
  readonly memory: MemoryBackend
  readonly time: FakeClock

  constructor() {
    const time = new FakeClock()
    const memory = new MemoryBackend(time)
    const faults = new FaultBackend(memory, time)
    super({ backend: faults, clock: time })
    this.time = time
    this.memory = memory
    this.faults = faults
  }

  /** What is changed in these tests, as a client knows it. */
  async prepare(): Promise<void> {
    this.memory.put('/from', 'content')
    this.memory.put('/to', 'old')
    this.memory.put('/folder/below', 'text')
    for (const path of ['/from', '/to', '/folder', '/new']) await this.see(path)
  }

  make(change: Change): Promise<unknown> {
    const { backend } = this.queue
    if (change === 'makeDirectory') return backend.makeDirectory(at('/new'), call)
    if (change === 'move') return backend.move(at('/from'), at('/to'), call)
    return backend.remove(at('/folder'), call)
  }
}

const before = { '/folder': null, '/folder/below': 'text', '/from': 'content', '/to': 'old' }
const after: Readonly<Record<Change, Record<string, string | null>>> = {
  makeDirectory: { ...before, '/new': null },
  move: { '/folder': null, '/folder/below': 'text', '/to': 'content' },
  remove: { '/from': 'content', '/to': 'old' },
}

describe.each(changes)('%s', (change) => {
  it.each([
    ['it has happened', lost, 1, 1],
    ['it has not happened', broken, 1, 2],
    ['it has not happened three times in a row', broken, 3, 4],
  ])('is answered although the connection broke: %s', async (_what, effect, times, tries) => {
    await using opened = new Opened()
    await opened.prepare()
    opened.faults.inject({ effect, methods: [change], times })
    const answer = opened.make(change)
    await opened.time.advance(10_000)
    await answer
    expect(opened.memory.snapshot()).toEqual(after[change])
    expect(opened.faults.calls[change]).toBe(tries)
  })

  it.each([
    ['has happened', lost],
    ['has not happened', broken],
  ])('is held while nobody answers, and then known: it %s', async (_what, effect) => {
    await using opened = new Opened()
    await opened.prepare()
    opened.faults.inject({ effect, methods: [change], times: 1 })
    const silence = opened.faults.inject({ effect: broken, methods: ['stat'] })
    const answer = opened.make(change)
    await opened.time.advance(50_000)
    silence[Symbol.dispose]()
    await opened.time.advance(8_000)
    await answer
    expect(opened.memory.snapshot()).toEqual(after[change])
  })

  it('is refused when a minute is over, and nobody has said what became of it', async () => {
    await using opened = new Opened()
    await opened.prepare()
    opened.faults.inject({ effect: broken, methods: [change], times: 1 })
    opened.faults.inject({ effect: broken, methods: ['stat'] })
    const answer = expect(opened.make(change)).rejects.toMatchObject({ code: 'stalled' })
    await opened.time.advance(60_000)
    await answer
    expect(opened.faults.calls[change]).toBe(1)
  })

  it('costs no call more when nothing goes wrong, and its target is known', async () => {
    await using opened = new Opened()
    await opened.prepare()
    const { totalCalls } = opened.faults
    await opened.make(change)
    expect(opened.faults.totalCalls).toBe(totalCalls + 1)
  })

  it('is refused at once when the backend refuses it', async () => {
    await using opened = new Opened()
    await opened.prepare()
    opened.faults.inject({ effect: { kind: 'error', code: 'permission-denied' }, methods: [change] })
    await expect(opened.make(change)).rejects.toMatchObject({ code: 'permission-denied' })
    expect(opened.faults.calls[change]).toBe(1)
  })
})

it('a move is refused when another file has come to the target meanwhile', async () => {
  await using opened = new Opened()
  await opened.prepare()
  opened.faults.inject({ effect: lost, methods: ['move'], times: 1 })
  const silence = opened.faults.inject({ effect: broken, methods: ['stat'] })
  const answer = expect(opened.make('move')).rejects.toMatchObject({ code: 'stalled' })
  await opened.time.advance(5_000)
  opened.memory.put('/to', 'by somebody else')
  silence[Symbol.dispose]()
  await opened.time.advance(10_000)
  await answer
  expect(opened.faults.calls.move).toBe(1)
  expect(opened.memory.snapshot()).toMatchObject({ '/to': 'by somebody else' })
})

it('a move whose first try comes through late, while the second is made, is answered', async () => {
  await using opened = new Opened()
  await opened.prepare()
  opened.faults.inject({ effect: broken, methods: ['move'], times: 1 })
  const answer = opened.make('move')
  await opened.settle()
  // Between the second look and the second try.
  opened.memory.script('move', { before: opened.memory.move(at('/from'), at('/to'), call) })
  await opened.time.advance(10_000)
  await answer
  expect(opened.memory.snapshot()).toEqual(after.move)
})

it('a removal that was half done when the connection broke is done', async () => {
  await using opened = new Opened()
  await opened.prepare()
  opened.memory.put('/folder/other', 'text')
  opened.faults.inject({ effect: broken, methods: ['remove'], times: 1 })
  const answer = opened.make('remove')
  opened.memory.delete('/folder/below')
  await opened.time.advance(10_000)
  await answer
  expect(opened.memory.snapshot()).toEqual(after.remove)
})

it('what nobody has looked at is looked at before it is moved: afterwards nobody could tell', async () => {
  await using opened = new Opened()
  await opened.prepare()
  opened.known.set('/from', 'unknown')
  opened.faults.inject({ effect: lost, methods: ['move'], times: 1 })
  const answer = opened.make('move')
  await opened.time.advance(10_000)
  await answer
  expect(opened.memory.snapshot()).toEqual(after.move)
})

it('a client that leaves ends the asking', async () => {
  await using opened = new Opened()
  await opened.prepare()
  opened.faults.inject({ effect: broken, methods: ['stat', 'remove'] })
  const leaving = new AbortController()
  const answer = opened.queue.backend.remove(at('/folder'), { signal: leaving.signal })
  await opened.time.advance(2_000)
  leaving.abort()
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' })
})
