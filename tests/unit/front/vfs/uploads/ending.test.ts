import { describe, expect, it } from 'vitest'

import { call, OpenedQueue } from './open-queue.ts'

describe('waiting for an empty queue', () => {
  it('ends when the last one is delivered or needs attention, and not before', async () => {
    await using opened = new OpenedQueue()
    opened.backend.script('write', { error: 'backend-failed' }, { error: 'read-only' })
    await opened.put('/a', 'text')
    await opened.put('/b', 'text')
    let isDrained = false
    const drained = opened.queue.drained(call.signal).then(() => (isDrained = true))
    await opened.settle()
    expect(isDrained).toBe(false)
    await opened.clock.advance(1_000)
    await opened.settle()
    await drained
    expect(opened.queue.totals()).toMatchObject({ pending: 0, attention: 1, delivered: 1 })
    await opened.queue.drained(call.signal)
  })

  it('ends with `cancelled` when it is called off, or the queue ends', async () => {
    const opened = new OpenedQueue()
    opened.backend.scriptEveryCall({ error: 'stalled' })
    await opened.put('/a', 'text')
    const leaving = new AbortController()
    const calledOff = opened.queue.drained(leaving.signal)
    const ended = opened.queue.drained(call.signal)
    leaving.abort()
    await expect(calledOff).rejects.toMatchObject({ code: 'cancelled' })
    const ending = expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    await opened[Symbol.asyncDispose]()
    await ending
  })
})

describe('the end of the queue', () => {
  it('calls off deliveries, and the next queue over the same store goes on', async () => {
    await using opened = new OpenedQueue()
    opened.backend.scriptEveryCall({ before: new Promise(() => undefined) })
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await opened.put(`/${name}`, name)
    await opened.settle()
    opened.backend.scriptEveryCall(undefined)
    await opened.restart()
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({
      '/a': 'a',
      '/b': 'b',
      '/c': 'c',
      '/d': 'd',
      '/e': 'e',
      '/f': 'f',
    })
  })
})
