import { describe, expect, it } from 'vitest'

import { AppError } from '../../../../../src-main/shared/errors.ts'
import { OpenedQueue } from './open-queue.ts'

describe('a delivery that fails', () => {
  it('is tried again after rising pauses for as long as it takes, and shows its reason meanwhile', async () => {
    await using opened = new OpenedQueue()
    opened.backend.scriptEveryCall({ error: 'backend-failed' })
    await opened.put('/a', 'text')
    await opened.settle()
    for (const pauseMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      expect(opened.events.at(-1)).toMatchObject({
        type: 'retrying',
        inMs: pauseMs,
        error: { code: 'backend-failed' },
      })
      const { length } = opened.events
      await opened.clock.advance(pauseMs - 1)
      expect(opened.events).toHaveLength(length)
      await opened.clock.advance(1)
      await opened.settle()
    }
    expect(opened.queue.list()).toMatchObject([
      { attempts: 9, state: 'waiting', error: { code: 'backend-failed' } },
    ])
    opened.backend.scriptEveryCall(undefined)
    await opened.clock.advance(60_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'text' })
  })

  it.each([
    ['the backend is back', (opened: OpenedQueue) => opened.health.recover()],
    ['it is told to', (opened: OpenedQueue) => opened.queue.wake()],
    ['a person asks for it', (opened: OpenedQueue) => opened.queue.retry(opened.idOf('/a'))],
  ])('is tried again at once when %s', async (_when, happens) => {
    await using opened = new OpenedQueue()
    opened.backend.script('stat', { error: 'stalled' })
    await opened.put('/a', 'text')
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({})
    happens(opened)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'text' })
  })

  it('for want of room at the backend waits long, without bothering it', async () => {
    await using opened = new OpenedQueue()
    opened.backend.script('write', { error: 'no-space' })
    await opened.put('/a', 'text')
    await opened.settle()
    expect(opened.events.at(-1)).toMatchObject({
      type: 'retrying',
      inMs: 30_000,
      error: { code: 'no-space' },
    })
  })

  it('asks a silent backend one thing at a time', async () => {
    await using opened = new OpenedQueue()
    opened.health.isStalled = true
    opened.backend.scriptEveryCall({ before: new Promise(() => undefined) })
    for (let index = 0; index < 10; index++) await opened.put(`/file ${index}`, 'text')
    await opened.settle()
    expect(opened.backend.totalCalls).toBe(1)
    opened.health.recover()
    await opened.settle()
    expect(opened.backend.totalCalls).toBe(4)
  })

  it.each(['permission-denied', 'read-only', 'is-a-directory', 'name-too-long'] as const)(
    'with %s needs attention: it stays readable, is not tried by itself, and survives a restart',
    async (code) => {
      await using opened = new OpenedQueue()
      opened.backend.script('write', { error: code })
      await opened.put('/a', 'text')
      await opened.settle()
      const attention = { state: 'attention', error: { code } }
      expect(opened.events.at(-1)).toMatchObject({ type: 'attention', path: '/a', error: { code } })
      expect(opened.queue.list()).toMatchObject([attention])
      expect(opened.queue.totals()).toMatchObject({ pending: 0, attention: 1 })
      await opened.restart()
      await opened.clock.advance(3_600_000)
      expect(opened.queue.list()).toMatchObject([attention])
      expect(await opened.text('/a')).toBe('text')
      expect(opened.backend.calls.write).toBe(1)

      opened.queue.retry(opened.idOf('/a'))
      await opened.settle()
      expect(opened.backend.snapshot()).toEqual({ '/a': 'text' })
      expect(opened.queue.list()).toEqual([])
    },
  )

  it('and needs attention gives way to a newer save, which is tried', async () => {
    await using opened = new OpenedQueue()
    opened.backend.script('write', { error: 'permission-denied' })
    await opened.put('/a', 'one')
    await opened.settle()
    await opened.put('/a', 'two')
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'two' })
    expect(opened.queue.list()).toEqual([])
  })

  it.each(['permission-denied', 'backend-failed'] as const)(
    'with %s while a newer save waits matters to nobody: that one is delivered',
    async (error) => {
      await using opened = new OpenedQueue()
      const gate = Promise.withResolvers<undefined>()
      opened.backend.script('write', { before: gate.promise, error })
      await opened.put('/a', 'one')
      await opened.settle()
      await opened.put('/a', 'two')
      gate.resolve(undefined)
      await opened.clock.advance(1_000)
      await opened.settle()
      expect(opened.backend.snapshot()).toEqual({ '/a': 'two' })
      expect(opened.queue.totals()).toMatchObject({ pending: 0, attention: 0, conflicts: 0 })
      expect(opened.store.load()).toEqual([])
    },
  )

  it('because the store cannot note it is tried again all the same', async () => {
    await using opened = new OpenedQueue()
    const update = opened.store.update.bind(opened.store)
    opened.store.update = () => {
      throw new AppError('no-space')
    }
    await opened.put('/a', 'text')
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({})
    opened.store.update = update
    await opened.clock.advance(30_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'text' })
  })

  it('after the backend had it, because the store could not note that, is recognised and not sent again', async () => {
    await using opened = new OpenedQueue()
    const remove = opened.store.remove.bind(opened.store)
    opened.store.remove = () => {
      throw new AppError('stalled')
    }
    await opened.put('/a', 'text')
    await opened.settle()
    opened.store.remove = remove
    await opened.clock.advance(1_000)
    await opened.settle()
    expect(opened.backend.calls.write).toBe(1)
    expect(opened.queue.totals()).toMatchObject({ pending: 0, delivered: 1, conflicts: 0 })
  })
})

it('what is asked about a removal with an unknown end is asked at once, too, when the queue is woken', async () => {
  await using opened = new OpenedQueue()
  opened.backend.mkdir('/d')
  opened.backend.script('write', { error: 'permission-denied' })
  await opened.put('/d/file', 'text')
  await opened.settle()
  opened.backend.script('remove', { error: 'backend-failed' })
  opened.backend.script('stat', { error: 'stalled' }, { error: 'stalled' }, { error: 'stalled' })
  await expect(opened.remove('/d')).rejects.toMatchObject({ code: 'backend-failed' })
  await opened.settle()
  for (let times = 0; times < 2; times++) {
    const { stat } = opened.backend.calls
    opened.queue.wake()
    await opened.settle()
    expect(opened.backend.calls.stat).toBe(stat + 1)
  }
  expect(opened.store.intents()).toEqual([])
})

describe('an upload a person looks after', () => {
  it('can be discarded: the path shows what the backend has', async () => {
    await using opened = new OpenedQueue()
    opened.backend.put('/a', 'old')
    await opened.see('/a')
    opened.backend.script('write', { error: 'read-only' })
    await opened.put('/a', 'new')
    await opened.settle()
    await opened.queue.discard(opened.idOf('/a'))
    expect(await opened.text('/a')).toBe('old')
    expect(opened.changed).toContain('/a')
    expect(opened.store.load()).toEqual([])
  })

  it('can be discarded in the middle of its delivery', async () => {
    await using opened = new OpenedQueue()
    const gate = Promise.withResolvers<undefined>()
    opened.backend.script('write', { before: gate.promise })
    await opened.put('/a', 'text')
    await opened.settle()
    const discarding = opened.queue.discard(opened.idOf('/a'))
    gate.resolve(undefined)
    await discarding
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({})
    expect(opened.queue.list()).toEqual([])
  })

  it.each(['retry', 'discard', 'export'] as const)('is unknown to %s when there is none', async (verb) => {
    await using opened = new OpenedQueue()
    const { queue } = opened
    const ask: Record<typeof verb, () => void | Promise<void>> = {
      retry: () => {
        queue.retry(7)
      },
      discard: () => queue.discard(7),
      export: () => queue.exportTo(7, '/x'),
    }
    await expect(Promise.resolve().then(ask[verb])).rejects.toMatchObject({ code: 'upload-unknown' })
  })
})
