import { describe, expect, it } from 'vitest'

import { at, call, OpenedQueue } from './open-queue.ts'

/** A moment of a delivery: brings the upload at `path` there and gives what lets it go on. */
type Moment = (opened: OpenedQueue, save: () => Promise<unknown>) => Promise<() => void>

function hold(method: 'stat' | 'write', when: 'before' | 'after'): Moment {
  return async (opened, save) => {
    const gate = Promise.withResolvers<undefined>()
    opened.backend.script(method, { [when]: gate.promise })
    await save()
    await opened.settle()
    return () => gate.resolve(undefined)
  }
}

const moments: readonly (readonly [string, Moment])[] = [
  [
    'waits for its turn',
    async (opened, save) => {
      opened.backend.scriptEveryCall({ error: 'stalled' })
      await save()
      await opened.settle()
      opened.backend.scriptEveryCall(undefined)
      return () => undefined
    },
  ],
  ['is being looked for', hold('stat', 'before')],
  ['is about to be written', hold('write', 'before')],
  ['has been written, unanswered', hold('write', 'after')],
  [
    'is delivered',
    async (opened, save) => {
      await save()
      await opened.settle()
      return () => undefined
    },
  ],
]

const bases: readonly (readonly [string, (opened: OpenedQueue, path: string) => Promise<unknown>])[] = [
  ['new', () => Promise.resolve()],
  [
    'saved over an old one',
    (opened, path) => {
      opened.backend.put(path, 'old')
      return opened.see(path)
    },
  ],
]

const cases = moments.flatMap(([when, moment]) => bases.map(([what, base]) => ({ when, moment, what, base })))

describe('while an upload is pending', () => {
  it.each(cases)('a file that is $what and $when can be renamed', async ({ moment, base }) => {
    await using opened = new OpenedQueue()
    await base(opened, '/a')
    const goOn = await moment(opened, () => opened.put('/a', 'text'))
    const moving = opened.move('/a', '/b')
    await opened.settle()
    goOn()
    const moved = await moving
    expect(await opened.text('/b')).toBe('text')
    expect(await opened.names('/')).toEqual(['b'])
    await opened.clock.advance(60_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/b': 'text' })
    expect(await opened.queue.backend.stat(at('/b'), call)).toEqual(moved)
    expect(opened.queue.totals()).toMatchObject({ pending: 0, attention: 0, conflicts: 0 })
    expect(opened.store.intents()).toEqual([])
    expect(opened.store.load()).toEqual([])
  })

  it.each(cases)('a file that is $what and $when can be removed', async ({ moment, base }) => {
    await using opened = new OpenedQueue()
    await base(opened, '/a')
    const goOn = await moment(opened, () => opened.put('/a', 'text'))
    const removing = opened.remove('/a')
    await opened.settle()
    goOn()
    await removing
    expect(await opened.names('/')).toEqual([])
    await opened.clock.advance(60_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({})
    expect(opened.store.load()).toEqual([])
  })

  it.each(cases)(
    'something else can be renamed over a file that is $what and $when',
    async ({ moment, base }) => {
      await using opened = new OpenedQueue()
      opened.backend.put('/other', 'other')
      await opened.see('/other')
      await base(opened, '/a')
      const goOn = await moment(opened, () => opened.put('/a', 'text'))
      const moving = opened.move('/other', '/a')
      await opened.settle()
      goOn()
      await moving
      expect(await opened.text('/a')).toBe('other')
      await opened.clock.advance(60_000)
      await opened.settle()
      expect(opened.backend.snapshot()).toEqual({ '/a': 'other' })
      expect(opened.queue.totals()).toMatchObject({ pending: 0, conflicts: 0 })
      expect(opened.store.load()).toEqual([])
    },
  )

  it.each(cases)('a new file can be renamed over one that is $what and $when', async ({ moment, base }) => {
    await using opened = new OpenedQueue()
    await base(opened, '/a')
    const goOn = await moment(opened, () => opened.put('/a', 'text'))
    await opened.put('/draft', 'final')
    const moving = opened.move('/draft', '/a')
    await opened.settle()
    goOn()
    await moving
    expect(await opened.text('/a')).toBe('final')
    await opened.clock.advance(60_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/a': 'final' })
    expect(opened.queue.totals()).toMatchObject({ pending: 0, conflicts: 0 })
    expect(opened.store.load()).toEqual([])
  })

  it.each(moments)('in a directory and %s, the directory can be renamed', async (_when, moment) => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/from/inner')
    await opened.see('/from')
    await opened.see('/from/inner')
    const goOn = await moment(opened, async () => {
      await opened.put('/from/inner/a', 'text')
      await opened.put('/from/b', 'more')
    })
    const moving = opened.move('/from', '/to')
    await opened.settle()
    goOn()
    await moving
    expect(await opened.tree()).toEqual({
      '/to': null,
      '/to/inner': null,
      '/to/inner/a': 'text',
      '/to/b': 'more',
    })
    await opened.clock.advance(60_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual(await opened.tree())
    expect(opened.queue.totals()).toMatchObject({ pending: 0, attention: 0, conflicts: 0 })
  })

  it.each(moments)('in a directory and %s, the directory can be removed', async (_when, moment) => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    await opened.see('/d')
    const goOn = await moment(opened, () => opened.put('/d/a', 'text'))
    const removing = opened.remove('/d')
    await opened.settle()
    goOn()
    await removing
    await opened.clock.advance(60_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({})
    expect(opened.store.load()).toEqual([])
  })
})

describe('a rename', () => {
  it('of a file that is only here costs no call', async () => {
    await using opened = new OpenedQueue()
    await opened.put('/a', '')
    await opened.move('/a', '/b')
    await opened.settle()
    expect(opened.backend.log).toEqual(['stat /b', 'write /b'])
    expect(opened.backend.snapshot()).toEqual({ '/b': '' })
  })

  it('of a file that is only here onto one that somebody else has changed is a conflict', async () => {
    await using opened = new OpenedQueue()
    opened.backend.put('/a', 'old')
    await opened.see('/a')
    await opened.put('/draft', '')
    opened.backend.put('/a', 'theirs')
    await opened.move('/draft', '/a')
    await opened.settle()
    expect(Object.values(opened.backend.snapshot())).toEqual(['theirs', ''])
  })

  it.each([
    ['a directory', '/directory', 'already-exists'],
    ['a directory that is missing', '/missing/b', 'parent-missing'],
  ])('of a file that is only here to %s is refused, and leaves it', async (_where, to, code) => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/directory')
    await opened.see('/directory')
    await opened.put('/a', '')
    await expect(opened.move('/a', to)).rejects.toMatchObject({ code })
    await opened.clock.advance(2_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toMatchObject({ '/a': '' })
  })

  it('of a file that somebody else removed takes the upload along', async () => {
    await using opened = new OpenedQueue()
    opened.backend.put('/a', 'old')
    await opened.see('/a')
    await opened.put('/a', '')
    opened.backend.delete('/a')
    await opened.move('/a', '/b')
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/b': '' })
    expect(opened.store.intents()).toEqual([])
  })

  it('that the backend refuses leaves the uploads where they are', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/from')
    await opened.put('/from/a', '')
    opened.backend.script('move', { error: 'permission-denied' })
    await expect(opened.move('/from', '/to')).rejects.toMatchObject({ code: 'permission-denied' })
    expect(opened.store.intents()).toEqual([])
    await opened.clock.advance(2_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/from': null, '/from/a': '' })
  })

  it.each([
    ['happened', { after: new Promise(() => undefined) }, '/to'],
    ['did not happen', { before: new Promise(() => undefined) }, '/from'],
  ])(
    'whose answer never came is looked after when the backend is back: it %s',
    async (_what, script, directory) => {
      await using opened = new OpenedQueue()
      opened.backend.mkdir('/from')
      await opened.put('/from/a', '')
      opened.backend.script('move', script)
      const leaving = new AbortController()
      const moving = opened.queue.backend.move(at('/from'), at('/to'), leaving)
      await opened.settle()
      opened.backend.script('stat', { error: 'stalled' })
      leaving.abort()
      await expect(moving).rejects.toMatchObject({ code: 'cancelled' })
      await opened.clock.advance(60_000)
      await opened.settle()
      expect(opened.backend.snapshot()).toEqual({ [directory]: null, [`${directory}/a`]: '' })
      expect(opened.changed).toEqual(['/from', '/to'])
      expect(opened.store.intents()).toEqual([])
    },
  )
})

describe('a removal', () => {
  it('of a file that is only here costs no call', async () => {
    await using opened = new OpenedQueue()
    await opened.put('/a', '')
    await opened.remove('/a')
    await opened.clock.advance(2_000)
    await opened.settle()
    expect(opened.backend.log).toEqual([])
  })

  it('that the backend refuses leaves the uploads, which are delivered', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    await opened.put('/d/a', '')
    opened.backend.script('remove', { error: 'backend-failed' })
    await expect(opened.remove('/d')).rejects.toMatchObject({ code: 'backend-failed' })
    await opened.clock.advance(2_000)
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/d': null, '/d/a': '' })
  })
})

describe('a new directory', () => {
  it('is refused where a file is on its way', async () => {
    await using opened = new OpenedQueue()
    await opened.put('/a', '')
    await expect(opened.queue.backend.makeDirectory(at('/a'), call)).rejects.toMatchObject({
      code: 'already-exists',
    })
  })

  it('is there at once, for files that are put into it', async () => {
    await using opened = new OpenedQueue()
    opened.known.set('/d', await opened.queue.backend.makeDirectory(at('/d'), call))
    await opened.put('/d/a', 'text')
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/d': null, '/d/a': 'text' })
  })
})
