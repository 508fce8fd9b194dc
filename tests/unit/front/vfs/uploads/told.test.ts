import { describe, expect, it } from 'vitest'

import { at, OpenedQueue } from './open-queue.ts'

/** What was told of files since `from`, shortly. */
function tale({ events }: OpenedQueue, from = 0): string[] {
  return events.slice(from).map((event) => {
    if (event.type === 'moved') return `moved ${event.from} ${event.to}`
    return `${event.type} ${event.path}`
  })
}

describe('what a client does to the tree is told once it is done', () => {
  it('a move of a file that is only here, before it is delivered under its new name', async () => {
    await using opened = new OpenedQueue()
    await opened.put('/a', '')
    await opened.move('/a', '/b')
    await opened.clock.advance(2_000)
    await opened.settle()
    expect(tale(opened)).toEqual(['accepted /a', 'moved /a /b', 'delivered /b'])
  })

  it('a move of what the queue knows nothing of', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    await opened.see('/d')
    await opened.move('/d', '/e')
    expect(tale(opened)).toEqual(['moved /d /e'])
  })

  it('a move of a folder with uploads in it', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    await opened.see('/d')
    await opened.put('/d/a', '')
    await opened.move('/d', '/e')
    await opened.clock.advance(2_000)
    await opened.settle()
    expect(tale(opened)).toEqual(['accepted /d/a', 'moved /d /e', 'delivered /e/a'])
  })

  it('a removal, with or without uploads there', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    opened.backend.mkdir('/e')
    await opened.see('/d')
    await opened.see('/e')
    await opened.put('/d/a', '')
    await opened.remove('/d')
    await opened.remove('/e')
    expect(tale(opened)).toEqual(['accepted /d/a', 'removed /d', 'removed /e'])
  })

  it('a move onto itself is none', async () => {
    await using opened = new OpenedQueue()
    await opened.put('/a', '')
    await opened.move('/a', '/a')
    expect(tale(opened)).toEqual(['accepted /a'])
  })

  it('not what the backend refuses', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    await opened.see('/d')
    opened.backend.script('remove', { error: 'permission-denied' })
    opened.backend.script('move', { error: 'permission-denied' })
    await expect(opened.remove('/d')).rejects.toThrow()
    await expect(opened.move('/d', '/e')).rejects.toThrow()
    expect(tale(opened)).toEqual([])
  })
})

it('a move whose answer was lost is told when it is found out that it happened', async () => {
  await using opened = new OpenedQueue()
  opened.backend.mkdir('/from')
  await opened.put('/from/a', '')
  opened.backend.script('move', { after: new Promise(() => undefined) })
  const leaving = new AbortController()
  const moving = opened.queue.backend.move(at('/from'), at('/to'), leaving)
  await opened.settle()
  expect(tale(opened)).toEqual(['accepted /from/a'])
  leaving.abort()
  await expect(moving).rejects.toMatchObject({ code: 'cancelled' })
  await opened.clock.advance(60_000)
  await opened.settle()
  expect(tale(opened)).toEqual(['accepted /from/a', 'moved /from /to', 'delivered /to/a'])
})

it('an upload that a person gives up is told as that', async () => {
  await using opened = new OpenedQueue()
  await opened.put('/a', '')
  await opened.queue.discard(opened.idOf('/a'))
  expect(tale(opened)).toEqual(['accepted /a', 'discarded /a'])
})

it('a save that is handed through is told by its delivery, with its size and times', async () => {
  await using opened = new OpenedQueue({ mode: 'write-through' })
  await opened.put('/a', 'text')
  const nowMs = opened.clock.now()
  expect(opened.events).toMatchObject([
    { type: 'delivered', path: '/a', size: 4, acceptedMs: nowMs, atMs: nowMs },
  ])
})
