import { describe, expect, it } from 'vitest'

import { at, call, OpenedQueue } from './open-queue.ts'

describe('write-through', () => {
  it('answers when the backend has it, with what is promised all the same', async () => {
    await using opened = new OpenedQueue({ mode: 'write-through' })
    const gate = Promise.withResolvers<undefined>()
    opened.backend.script('write', { before: gate.promise })
    let isAnswered = false
    const saving = opened.put('/a', '').then((promised) => {
      isAnswered = true
      return promised
    })
    await opened.settle()
    expect(isAnswered).toBe(false)
    gate.resolve(undefined)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': '' })
    expect(await opened.queue.backend.stat(at('/a'), call)).toEqual(await saving)
  })

  it('passes a refusal on and keeps nothing', async () => {
    await using opened = new OpenedQueue({ mode: 'write-through' })
    opened.backend.script('write', { error: 'permission-denied' })
    await expect(opened.put('/a', 'text')).rejects.toMatchObject({ code: 'permission-denied' })
    expect(opened.queue.list()).toEqual([])
    expect(opened.store.load()).toEqual([])
  })

  it('tries again within the patience of a client, then says `stalled` and keeps trying', async () => {
    await using opened = new OpenedQueue({ mode: 'write-through' })
    opened.backend.scriptEveryCall({ error: 'stalled' })
    const saving = expect(opened.put('/a', 'text')).rejects.toMatchObject({ code: 'stalled' })
    await opened.clock.advance(60_000)
    await saving
    opened.backend.scriptEveryCall(undefined)
    await opened.clock.advance(60_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'text' })
  })

  it('answers a conflict with what is at the path then: theirs', async () => {
    await using opened = new OpenedQueue({ mode: 'write-through' })
    opened.backend.put('/a', 'theirs')
    const answered = await opened.put('/a', 'ours, not knowing')
    expect(answered).toEqual(await opened.queue.backend.stat(at('/a'), call))
    expect(answered.size).toBe(6)
  })
})
