import { describe, expect, it } from 'vitest'

import { AppError } from '../../../../../src-main/shared/errors.ts'
import type { DurableStep } from '../../../../../src-main/front/vfs/uploads/upload-store.ts'
import { MemoryUploadStore } from '../../../../fakes/memory-upload-store.ts'
import { at, call, OpenedQueue } from './open-queue.ts'

/** The steps of a disk that uploads go through on a store of their own. */
function openStepping(): { readonly opened: OpenedQueue; readonly steps: DurableStep[] } {
  const steps: DurableStep[] = []
  const store = new MemoryUploadStore(undefined, { onStep: (step) => steps.push(step) })
  return { opened: new OpenedQueue({ mode: 'write-through' }, store), steps }
}

describe('write-through', () => {
  it('makes nothing durable here of what the backend takes at once', async () => {
    const { opened, steps } = openStepping()
    await using _opened = opened
    await opened.put('/a', 'one')
    await opened.put('/a', 'another')
    expect(opened.backend.snapshot()).toEqual({ '/a': 'another' })
    expect(steps).toEqual(['spool-written', 'spool-written'])
    expect(opened.store.spooledBytes).toBe(0)
    expect(opened.queue.totals()).toMatchObject({ pending: 0, delivered: 2 })
  })

  it.each([
    ['fails before it begins', 'before', 2],
    ['loses its answer', 'after', 1],
  ] as const)(
    'makes an upload of what %s, and sends it no more than it must',
    async (_what, when, writes) => {
      const { opened, steps } = openStepping()
      await using _opened = opened
      const failure = Promise.reject(new AppError('stalled'))
      failure.catch(() => undefined)
      opened.backend.script('write', { [when]: failure })
      expect(await opened.put('/a', 'text')).toMatchObject({ size: 4 })
      expect(steps).toContain('record-committed')
      expect(opened.backend.snapshot()).toEqual({ '/a': 'text' })
      expect(opened.backend.calls.write).toBe(writes)
      expect(opened.store.load()).toEqual([])
    },
  )

  it('does not wait long for a backend that hangs before it makes an upload of it', async () => {
    const { opened, steps } = openStepping()
    await using _opened = opened
    opened.backend.script('write', { before: new Promise(() => undefined) })
    const saving = opened.put('/a', 'text')
    await opened.settle()
    expect(steps).not.toContain('record-committed')
    await opened.clock.advance(20_000)
    await opened.settle()
    expect(steps).toContain('record-committed')
    expect(await saving).toMatchObject({ size: 4 })
    expect(opened.backend.snapshot()).toEqual({ '/a': 'text' })
  })

  it('makes an upload of a large body at once: it must not have to begin anew', async () => {
    const { opened, steps } = openStepping()
    await using _opened = opened
    await opened.put('/a', Buffer.alloc(17 * 1024 ** 2))
    expect(steps).toContain('record-committed')
    expect(opened.backend.calls.write).toBe(1)
  })

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
