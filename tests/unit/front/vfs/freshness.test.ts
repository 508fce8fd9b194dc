import { describe, expect, it } from 'vitest'

import { MemoryUploadStore } from '../../../fakes/memory-upload-store.ts'
import { at, call, openVfs } from '../../../harness/open-vfs.ts'
import { waitFor } from '../../../harness/wait-for.ts'

/** An answer of the backend that stays on its way until it is let go. */
function delayed(): { readonly after: Promise<void>; arrive(): void } {
  const gate = Promise.withResolvers<undefined>()
  return { after: gate.promise, arrive: () => gate.resolve(undefined) }
}

describe('an answer that was on its way while something changed', () => {
  it('does not hide a file that was written meanwhile', async () => {
    await using opened = openVfs()
    const answer = delayed()
    opened.backend.script('list', answer)
    const listing = opened.client.names('/')
    await opened.client.write('/new', 'content')
    answer.arrive()
    expect(await listing).toEqual(['new'])
    expect(await opened.client.names('/')).toEqual(['new'])
    expect(opened.backend.calls.list).toBe(1)
  })

  it('does not hide a file of which it is found out meanwhile that it was not moved', async () => {
    const store = new MemoryUploadStore()
    await using opened = openVfs({ uploads: { store, mode: 'queued', hostName: 'studio' } })
    const never = { before: new Promise(() => undefined) }
    opened.backend.script('write', never, never)
    await opened.client.write('/b', 'moving')
    await opened.client.write('/c', 'in the way')
    store.addIntent({ from: at('/b'), to: at('/c') })

    const answer = delayed()
    opened.backend.script('list', { before: answer.after })
    await opened.restart()
    const listing = opened.client.names('/')
    await waitFor(() => store.intents().length === 0, { what: 'the move to be settled', limitMs: 5_000 })
    answer.arrive()
    expect(await listing).toEqual(['b', 'c'])
    expect(await opened.client.names('/')).toEqual(['b', 'c'])
  })

  it('does not hide a folder that was made while it was looked for in vain', async () => {
    await using opened = openVfs()
    const answer = delayed()
    opened.backend.script('list', answer)
    const listing = opened.client.names('/d')
    await opened.client.mkdir('/d')
    answer.arrive()
    expect(await listing).toEqual([])
    expect(await opened.client.stat('/d')).toMatchObject({ kind: 'directory' })
    expect(await opened.client.names('/')).toEqual(['d'])
  })

  it.each(['stat', 'list'] as const)(
    'is not given to whoever asks after a change, however long it has been on its way (%s)',
    async (method) => {
      await using opened = openVfs()
      const answer = delayed()
      opened.backend.script(method, answer)
      const first = opened.vfs[method](at('/new'), call).catch(() => undefined)
      await opened.client.mkdir('/new')
      await opened.clock.advance(6_000)
      const second = opened.vfs[method](at('/new'), call)
      answer.arrive()
      await first
      expect(await second).toBeDefined()
    },
  )

  it.each([
    ['/d/file', 'read'],
    ['/d/e', 'list'],
  ] as const)(
    'does not take %s out of a folder that is being renamed when it is not found at its old place (%s)',
    async (path, method) => {
      await using opened = openVfs()
      opened.backend.put('/d/file', 'content')
      opened.backend.mkdir('/d/e')
      await opened.client.names('/d')
      const answer = delayed()
      opened.backend.script('move', answer)
      const moved = opened.client.move('/d', '/new')
      await waitFor(() => '/new' in opened.backend.snapshot(), { what: 'the move', limitMs: 5_000 })
      const look = method === 'read' ? opened.client.read(path) : opened.client.names(path)
      await expect(look).rejects.toMatchObject({ code: 'not-found' })
      answer.arrive()
      await moved
      expect(await opened.client.names('/new')).toEqual(['e', 'file'])
    },
  )

  it('does not lack what waits in a folder when it was listed at its new name before it was known to be there', async () => {
    const store = new MemoryUploadStore()
    await using opened = openVfs({ uploads: { store, mode: 'queued', hostName: 'studio' } })
    opened.backend.mkdir('/d/e')
    opened.backend.script('write', { error: 'permission-denied' })
    await opened.client.write('/d/e/file', 'content')
    await opened.restart()
    const answer = delayed()
    opened.backend.script('move', answer)
    const moved = opened.client.move('/d', '/new')
    await waitFor(() => '/new' in opened.backend.snapshot(), { what: 'the move', limitMs: 5_000 })
    await opened.clock.advance(2_000)
    expect(await opened.client.names('/new/e')).toEqual([])
    answer.arrive()
    await moved
    expect(await opened.client.names('/new/e')).toEqual(['file'])
  })

  it('does not hide what was put into a folder before that was known to be made', async () => {
    await using opened = openVfs()
    const answer = delayed()
    opened.backend.script('makeDirectory', answer)
    const made = opened.client.mkdir('/d')
    await waitFor(() => '/d' in opened.backend.snapshot(), { what: 'the folder', limitMs: 5_000 })
    await opened.client.write('/d/file', 'content')
    answer.arrive()
    await made
    expect(await opened.client.names('/d')).toEqual(['file'])
  })

  it('does not bring back a file that was removed meanwhile', async () => {
    await using opened = openVfs()
    opened.backend.put('/old', 'content')
    const answer = delayed()
    opened.backend.script('list', answer)
    const listing = opened.client.names('/')
    await opened.client.remove('/old')
    answer.arrive()
    expect(await listing).toEqual([])
    await expect(opened.client.stat('/old')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('does not put old attributes over those of a write', async () => {
    await using opened = openVfs()
    opened.backend.put('/file', 'old')
    await opened.client.stat('/file')
    await opened.clock.advance(6_000)
    const answer = delayed()
    opened.backend.script('stat', answer)
    const asked = opened.client.stat('/file')
    const { node } = await opened.client.write('/file', 'longer than before')
    answer.arrive()
    const outdated = await asked
    expect(outdated.size).toBe(3)
    expect(outdated.lastModifiedSec).toBeLessThan(node.lastModifiedSec)
    expect(await opened.client.stat('/file')).toEqual(node)
  })

  it('does not name a folder by what it was before it was renamed', async () => {
    await using opened = openVfs()
    opened.backend.put('/d/file', 'content')
    const answer = delayed()
    opened.backend.script('list', answer)
    const listing = opened.client.names('/d')
    await opened.client.move('/d', '/e')
    answer.arrive()
    await expect(listing).rejects.toMatchObject({ code: 'not-found' })
    expect(await opened.client.names('/e')).toEqual(['file'])
  })

  it('is asked for again after a change whose end is unknown, with what was known until then', async () => {
    await using opened = openVfs()
    opened.backend.put('/file', 'content')
    await opened.client.names('/')
    opened.backend.script('remove', { error: 'stalled' })
    await expect(opened.client.remove('/file')).rejects.toMatchObject({ code: 'stalled' })
    opened.backend.delete('/file')
    expect(await opened.client.names('/')).toEqual(['file'])
    expect(await opened.client.names('/')).toEqual([])
  })
})

describe('a directory object', () => {
  it('is the same for as long as nothing in the directory changes, also after it was listed anew', async () => {
    await using opened = openVfs()
    opened.backend.put('/d/file', 'content')
    const first = await opened.vfs.list(at('/d'), call)
    expect(await opened.vfs.list(at('/d'), call)).toBe(first)
    await opened.clock.advance(6_000)
    expect(await opened.vfs.list(at('/d'), call)).toBe(first)
    expect(opened.backend.calls.list).toBe(2)
  })

  it('is the same with Finder files in it, too', async () => {
    await using opened = openVfs()
    await opened.client.write('/.DS_Store', 'view')
    const first = await opened.vfs.list(at('/'), call)
    expect(await opened.vfs.list(at('/'), call)).toBe(first)
    await opened.client.write('/.DS_Store', 'other view')
    expect(await opened.vfs.list(at('/'), call)).not.toBe(first)
  })

  it('shows what it showed when it was taken, whatever is written later', async () => {
    await using opened = openVfs()
    const before = await opened.vfs.list(at('/'), call)
    await opened.client.write('/one', '1')
    const between = await opened.vfs.list(at('/'), call)
    await opened.client.remove('/one')
    await opened.client.write('/two', '2')
    expect([[...before.children.keys()], [...between.children.keys()]]).toEqual([[], ['one']])
    expect(await opened.client.names('/')).toEqual(['two'])
  })
})

describe('the cache', () => {
  it('forgets directories it has no room for, but not that their stamps ran ahead', async () => {
    await using opened = openVfs()
    await opened.client.write('/d', '').catch(() => undefined)
    await opened.client.remove('/d')
    await opened.client.mkdir('/d')
    await opened.client.write('/d/file', 'one')
    const { node } = await opened.client.write('/d/file', 'two')
    // Far more than the cache holds, each directory larger than the other.
    for (let index = 0; index < 30; index += 1) {
      for (let file = 0; file < 4_000; file += 1) opened.backend.put(`/big ${index}/${file}`, '')
      await opened.client.names(`/big ${index}`)
    }
    opened.backend.resetCalls()
    expect(await opened.client.stat('/d/file')).toEqual(node)
    expect(opened.backend.log).toEqual(['stat /d/file'])
  })
})
