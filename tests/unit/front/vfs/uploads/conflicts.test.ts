import { describe, expect, it } from 'vitest'

import { at, call, OpenedQueue } from './open-queue.ts'

const [minute, keptName] = [60_000, 'report (conflict from studio 2026-01-01 00.00).txt']

/** Tests run in any time zone; the name is in local time. */
function keptPath(opened: OpenedQueue): string {
  return Object.keys(opened.backend.snapshot()).find((path) => path.includes('conflict'))!
}

describe('a conflict', () => {
  it('keeps theirs at the path and ours beside it, and says so', async () => {
    await using opened = new OpenedQueue()
    opened.backend.put('/report.txt', 'old')
    await opened.see('/report.txt')
    await opened.clock.advance(minute)
    opened.backend.put('/report.txt', 'theirs')
    await opened.put('/report.txt', 'ours')
    await opened.settle()
    const kept = keptPath(opened)
    expect(kept).toMatch(/^\/report \(conflict from studio \d{4}-\d\d-\d\d \d\d\.\d\d\)\.txt$/)
    expect(kept).toHaveLength(keptName.length + 1)
    expect(opened.backend.snapshot()).toEqual({ '/report.txt': 'theirs', [kept]: 'ours' })
    expect(await opened.tree()).toEqual({ '/report.txt': 'theirs', [kept]: 'ours' })
    expect(opened.events).toContainEqual({ type: 'conflict', id: 1, path: '/report.txt', keptAs: kept })
    expect(opened.changed).toEqual(['/report.txt', kept])
    expect(opened.queue.totals()).toMatchObject({ conflicts: 1, pending: 0 })
  })

  it('is seen when somebody else made a file where the client saw none', async () => {
    await using opened = new OpenedQueue()
    await opened.see('/a')
    opened.backend.put('/a', 'theirs')
    await opened.put('/a', 'our own')
    await opened.settle()
    expect(Object.values(opened.backend.snapshot()).sort()).toEqual(['our own', 'theirs'])
  })

  it('is seen when somebody else made a directory there', async () => {
    await using opened = new OpenedQueue()
    await opened.see('/a')
    const gate = Promise.withResolvers<undefined>()
    opened.backend.script('stat', { before: gate.promise })
    await opened.put('/a', 'ours')
    opened.backend.mkdir('/a')
    gate.resolve(undefined)
    await opened.settle()
    expect(Object.values(opened.backend.snapshot())).toEqual([null, 'ours'])
  })

  it('takes a name that nobody has', async () => {
    await using opened = new OpenedQueue()
    for (const text of ['ours, once', 'ours, again']) {
      opened.known.set('/a', 'nothing')
      opened.backend.put('/a', 'theirs')
      await opened.put('/a', text)
      await opened.settle()
    }
    const { '/a': theirs, ...kept } = opened.backend.snapshot()
    expect(theirs).toBe('theirs')
    expect(Object.values(kept).sort()).toEqual(['ours, again', 'ours, once'])
  })

  it('is decided again for whoever saves once more without having seen theirs', async () => {
    await using opened = new OpenedQueue()
    const base = await opened.put('/a', 'ours 1')
    await opened.settle()
    opened.backend.put('/a', 'theirs')
    const second = await opened.put('/a', 'ours 2')
    await opened.settle()
    // The client still goes by what it was told when it saved.
    opened.known.set('/a', second)
    await opened.put('/a', 'ours 3')
    await opened.settle()
    expect(Object.values(opened.backend.snapshot()).sort()).toEqual(['ours 2', 'ours 3', 'theirs'])
    expect(base.fileId).not.toBe(second.fileId)
  })

  it('is one for all saves that waited', async () => {
    await using opened = new OpenedQueue()
    opened.backend.put('/a', 'old')
    await opened.see('/a')
    const gate = Promise.withResolvers<undefined>()
    opened.backend.script('stat', { before: gate.promise })
    await opened.put('/a', 'ours 1')
    opened.backend.put('/a', 'theirs')
    await opened.put('/a', 'ours 2')
    gate.resolve(undefined)
    await opened.settle()
    expect(Object.values(opened.backend.snapshot()).sort()).toEqual(['ours 2', 'theirs'])
  })

  it.each([
    ['somebody else removed the file', (opened: OpenedQueue) => opened.backend.delete('/a')],
    ['somebody else saved the very same', (opened: OpenedQueue) => opened.backend.put('/a', 'ours')],
  ])('is none when %s', async (_what, happens) => {
    await using opened = new OpenedQueue()
    opened.backend.put('/a', 'old')
    await opened.see('/a')
    happens(opened)
    await opened.put('/a', 'ours')
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'ours' })
    expect(opened.queue.totals().conflicts).toBe(0)
  })

  it('is none for whoever saves without having looked', async () => {
    await using opened = new OpenedQueue()
    opened.backend.put('/a', 'theirs')
    opened.known.set('/a', 'unknown')
    await opened.put('/a', 'ours')
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'ours' })
  })
})

/** The backend does the write, its answer is lost, and the front starts again while the backend is silent. */
async function loseAnswer(opened: OpenedQueue, text: string): Promise<void> {
  opened.backend.script('write', { after: new Promise(() => undefined) })
  await opened.put('/a', text)
  await opened.settle()
  opened.backend.scriptEveryCall({ error: 'stalled' })
  await opened.restart()
  await opened.settle()
}

async function recover(opened: OpenedQueue): Promise<void> {
  await opened.settle()
  opened.backend.scriptEveryCall(undefined)
  opened.health.recover()
  await opened.settle()
}

describe('a delivery whose answer was lost', () => {
  it('is no conflict, and its content is not sent again', async () => {
    await using opened = new OpenedQueue()
    opened.backend.put('/a', 'old')
    await opened.see('/a')
    await loseAnswer(opened, 'ours')
    await recover(opened)
    expect(opened.backend.snapshot()).toEqual({ '/a': 'ours' })
    expect(opened.backend.calls.write).toBe(1)
    expect(opened.queue.totals()).toMatchObject({ pending: 0, conflicts: 0 })
  })

  it.each([false, true])(
    'is no conflict for the save that followed it (restarted: %s)',
    async (isRestarted) => {
      await using opened = new OpenedQueue()
      opened.backend.put('/a', 'old')
      await opened.see('/a')
      await loseAnswer(opened, 'first')
      await opened.put('/a', 'second')
      expect(await opened.text('/a')).toBe('second')
      if (isRestarted) await opened.restart()
      await recover(opened)
      expect(opened.backend.snapshot()).toEqual({ '/a': 'second' })
      expect(opened.store.load()).toEqual([])
      expect(opened.queue.totals()).toMatchObject({ pending: 0, conflicts: 0 })
    },
  )

  it.each([false, true])(
    'hides no conflict with what somebody else saved after it (restarted: %s)',
    async (isRestarted) => {
      await using opened = new OpenedQueue()
      await loseAnswer(opened, 'first')
      await opened.put('/a', 'second')
      opened.backend.put('/a', 'theirs')
      if (isRestarted) await opened.restart()
      await recover(opened)
      expect(Object.values(opened.backend.snapshot()).sort()).toEqual(['second', 'theirs'])
      expect(opened.store.load()).toEqual([])
    },
  )

  it('is no conflict for what is renamed over it', async () => {
    await using opened = new OpenedQueue()
    await loseAnswer(opened, 'first')
    await opened.put('/draft', 'second')
    await opened.move('/draft', '/a')
    await recover(opened)
    expect(opened.backend.snapshot()).toEqual({ '/a': 'second' })
    expect(opened.store.load()).toEqual([])
  })

  it('left less than was sent: that is replaced, and is nobody else’s', async () => {
    await using opened = new OpenedQueue()
    const write = opened.backend.write.bind(opened.backend)
    opened.backend.write = async (path, body, writing) => {
      opened.backend.write = write
      for await (const _chunk of body) continue
      opened.backend.put(path, 'tex')
      return opened.backend.stat(at(path), writing)
    }
    await opened.put('/a', 'text')
    await opened.clock.advance(1_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'text' })
    expect(await opened.queue.backend.stat(at('/a'), call)).toMatchObject({ size: 4 })
  })
})
