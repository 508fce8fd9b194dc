import { describe, expect, it } from 'vitest'

import { at, call, OpenedQueue } from './open-queue.ts'

/** `/d/sub/file` has been saved and waits for the backend; then somebody else removes what was made of it there. */
async function withFolderGone(gone: '/d' | '/d/sub' = '/d'): Promise<OpenedQueue> {
  const opened = new OpenedQueue()
  opened.backend.mkdir('/d')
  opened.backend.mkdir('/d/sub')
  await opened.see('/d')
  await opened.see('/d/sub')
  opened.backend.script('stat', { error: 'stalled' })
  await opened.put('/d/sub/file', 'text')
  await opened.settle()
  opened.backend.delete(gone)
  return opened
}

async function deliverAll(opened: OpenedQueue): Promise<void> {
  opened.queue.wake()
  await opened.settle()
  expect(opened.queue.list()).toEqual([])
  expect(opened.store.load()).toEqual([])
}

const delivered = { '/d': null, '/d/sub': null, '/d/sub/file': 'text' }

describe('a save whose folder somebody else has removed', () => {
  it.each(['/d', '/d/sub'] as const)('(%s) is delivered into a new one', async (gone) => {
    await using opened = await withFolderGone(gone)
    await deliverAll(opened)
    expect(opened.backend.snapshot()).toEqual(delivered)
    expect(opened.queue.totals()).toMatchObject({ delivered: 1, conflicts: 0 })
  })

  it('over a version that was there is delivered, too', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    opened.backend.put('/d/file', 'old')
    await opened.see('/d/file')
    opened.backend.script('stat', { error: 'stalled' })
    await opened.put('/d/file', 'new')
    await opened.settle()
    opened.backend.delete('/d')
    await deliverAll(opened)
    expect(opened.backend.snapshot()).toEqual({ '/d': null, '/d/file': 'new' })
  })

  it('in the middle of its delivery is sent once more', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    await opened.see('/d')
    const gate = Promise.withResolvers<undefined>()
    opened.backend.script('write', { before: gate.promise })
    await opened.put('/d/file', 'text')
    await opened.settle()
    opened.backend.delete('/d')
    gate.resolve(undefined)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/d': null, '/d/file': 'text' })
    expect(opened.backend.calls.write).toBe(2)
  })

  it('is delivered after a restart as well', async () => {
    await using opened = await withFolderGone()
    await opened.restart()
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual(delivered)
  })

  it('stays where it is for clients, from the look at the root to the content', async () => {
    await using opened = await withFolderGone()
    expect(await opened.tree()).toEqual(delivered)
    expect(await opened.see('/d')).toMatchObject({ kind: 'directory' })
    expect(await opened.see('/d/sub')).toMatchObject({ kind: 'directory' })
    expect(await opened.see('/d/other')).toBe('nothing')
    await expect(opened.names('/d/other')).rejects.toMatchObject({ code: 'not-found' })
    expect(opened.backend.snapshot()).toEqual({})
  })

  it('shows with what others have left beside it', async () => {
    await using opened = await withFolderGone('/d/sub')
    opened.backend.put('/d/theirs', 'theirs')
    expect(await opened.names('/d')).toEqual(['sub', 'theirs'])
  })

  it('may get another one beside it', async () => {
    await using opened = await withFolderGone()
    opened.known.delete('/d/sub')
    await opened.put('/d/sub/second', 'two')
    await deliverAll(opened)
    expect(opened.backend.snapshot()).toEqual({ ...delivered, '/d/sub/second': 'two' })
  })

  it('and a removal that is tried again and again never fight: each attempt makes the folder once', async () => {
    await using opened = await withFolderGone()
    opened.backend.script('write', { error: 'parent-missing' }, { error: 'parent-missing' })
    opened.queue.wake()
    await opened.settle()
    expect(opened.backend.calls.write).toBe(2)
    expect(opened.queue.list()).toMatchObject([{ state: 'attention', error: { code: 'parent-missing' } }])
  })
})

describe('clients can do with such a folder what they can with any other:', () => {
  it('make a folder in it', async () => {
    await using opened = await withFolderGone()
    await opened.queue.backend.makeDirectory(at('/d/sub/new'), call)
    await deliverAll(opened)
    expect(opened.backend.snapshot()).toEqual({ ...delivered, '/d/sub/new': null })
  })

  it('move something into it', async () => {
    await using opened = await withFolderGone()
    opened.backend.put('/other', 'other')
    await opened.move('/other', '/d/sub/other')
    await deliverAll(opened)
    expect(opened.backend.snapshot()).toEqual({ ...delivered, '/d/sub/other': 'other' })
  })

  it('rename it', async () => {
    await using opened = await withFolderGone()
    await opened.move('/d', '/e')
    await deliverAll(opened)
    expect(opened.backend.snapshot()).toEqual({ '/e': null, '/e/sub': null, '/e/sub/file': 'text' })
    expect(opened.store.intents()).toEqual([])
  })

  it('move it into another one like it', async () => {
    await using opened = await withFolderGone()
    opened.backend.mkdir('/e')
    await opened.see('/e')
    opened.backend.script('stat', { error: 'stalled' })
    await opened.put('/e/file', 'e')
    await opened.settle()
    opened.backend.delete('/e')
    await opened.move('/d', '/e/d')
    await deliverAll(opened)
    expect(opened.backend.snapshot()).toEqual({
      '/e': null,
      '/e/file': 'e',
      '/e/d': null,
      '/e/d/sub': null,
      '/e/d/sub/file': 'text',
    })
  })

  it('remove it: then nothing is delivered, and it does not come back', async () => {
    await using opened = await withFolderGone()
    await opened.remove('/d')
    expect(await opened.tree()).toEqual({})
    await opened.clock.advance(3_600_000)
    expect(opened.backend.snapshot()).toEqual({})
    expect([opened.queue.list(), opened.store.load(), opened.store.intents()]).toEqual([[], [], []])
  })

  it('remove what is in it: then it is gone, too', async () => {
    await using opened = await withFolderGone()
    await opened.remove('/d/sub/file')
    expect(await opened.tree()).toEqual({})
  })
})

describe('a file of somebody else’s where the folder was', () => {
  async function withFileInTheWay(): Promise<OpenedQueue> {
    const opened = await withFolderGone()
    opened.backend.put('/d', 'a file')
    opened.queue.wake()
    await opened.settle()
    return opened
  }

  it('needs a person: the save is listed and readable, and theirs is left alone', async () => {
    await using opened = await withFileInTheWay()
    const error = { code: 'parent-missing', args: { path: '/d/sub', folder: '/d' } }
    expect(opened.queue.list()).toMatchObject([{ path: '/d/sub/file', state: 'attention', error }])
    expect(await opened.text('/d/sub/file')).toBe('text')
    expect(await opened.tree()).toEqual({ '/d': 'a file' })
  })

  it('is not fought against whenever somebody looks', async () => {
    await using opened = await withFileInTheWay()
    const { write } = opened.backend.calls
    for (let looks = 0; looks < 3; looks++) {
      await opened.names('/')
      await opened.see('/d')
      await opened.settle()
    }
    expect(opened.backend.calls.write).toBe(write)
  })

  it('is moved away alone', async () => {
    await using opened = await withFileInTheWay()
    await opened.see('/d')
    await opened.move('/d', '/e')
    await opened.names('/')
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ ...delivered, '/e': 'a file' })
  })

  const ends: readonly (readonly [string, (opened: OpenedQueue) => Promise<unknown>])[] = [
    [
      'a listing shows that it is gone',
      (opened) => {
        opened.backend.delete('/d')
        return opened.names('/')
      },
    ],
    [
      'a listing shows a folder there',
      (opened) => {
        opened.backend.delete('/d')
        opened.backend.mkdir('/d')
        return opened.names('/')
      },
    ],
    [
      'a look shows a folder there',
      (opened) => {
        opened.backend.delete('/d')
        opened.backend.mkdir('/d')
        return opened.see('/d')
      },
    ],
    [
      'a client makes the folder anew',
      (opened) => {
        opened.backend.delete('/d')
        return opened.queue.backend.makeDirectory(at('/d'), call)
      },
    ],
    [
      'a client removes it',
      async (opened) => {
        await opened.see('/d')
        await opened.remove('/d')
      },
    ],
    [
      'a client that has not looked removes it',
      async (opened) => {
        opened.known.set('/d', 'unknown')
        await opened.remove('/d')
      },
    ],
    [
      'a client saves over it and removes that',
      async (opened) => {
        await opened.see('/d')
        await opened.put('/d', 'ours')
        await opened.remove('/d')
      },
    ],
    [
      'a client moves a folder there',
      (opened) => {
        opened.backend.delete('/d')
        opened.backend.mkdir('/e')
        return opened.move('/e', '/d')
      },
    ],
    [
      'it is so after a restart, and somebody looks',
      async (opened) => {
        await opened.restart()
        opened.backend.delete('/d')
        await opened.names('/')
      },
    ],
  ]

  it.each(ends)('is over when %s: then the save is delivered by itself', async (_when, happens) => {
    await using opened = await withFileInTheWay()
    await happens(opened)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual(delivered)
    expect(opened.queue.list()).toEqual([])
  })
})

describe('while a change of our own is under way', () => {
  it('a folder that a removal has reached is not shown again, and what waited in it is given up with it', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    opened.backend.mkdir('/d/sub')
    await opened.see('/d/sub')
    opened.backend.put('/d/rest', 'rest')
    opened.backend.script('stat', { error: 'stalled' })
    await opened.put('/d/sub/file', 'text')
    await opened.settle()
    // Half of it was removed when it failed, and then the connection is broken for a while.
    const gate = Promise.withResolvers<undefined>()
    opened.backend.script('remove', { error: 'backend-failed' })
    opened.backend.script('stat', { error: 'stalled' }, { before: gate.promise })
    await expect(opened.remove('/d')).rejects.toMatchObject({ code: 'backend-failed' })
    opened.backend.delete('/d/sub')
    expect(await opened.tree()).toEqual({ '/d': null, '/d/rest': 'rest' })
    gate.resolve(undefined)
    await opened.settle()
    expect(await opened.tree()).toEqual({ '/d': null, '/d/rest': 'rest' })
    expect([opened.queue.list(), opened.store.intents()]).toEqual([[], []])
  })

  it('the same holds when the front died in the middle of the removal', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    opened.backend.mkdir('/d/sub')
    await opened.see('/d/sub')
    opened.backend.script('stat', { error: 'stalled' })
    await opened.put('/d/sub/file', 'text')
    await opened.settle()
    opened.store.addIntent({ from: at('/d') })
    opened.backend.delete('/d/sub')
    await opened.restart()
    expect(await opened.tree()).toEqual({ '/d': null })
    await opened.clock.advance(60_000)
    expect(opened.backend.snapshot()).toEqual({ '/d': null })
    expect([opened.queue.list(), opened.store.intents()]).toEqual([[], []])
  })
})
