import { describe, expect, it } from 'vitest'

import { at, call, openVfs, type OpenedVfs } from '../../../harness/open-vfs.ts'

interface Refusal {
  readonly title: string
  readonly does: (opened: OpenedVfs) => Promise<unknown>
  readonly code: string
}

const refusals: readonly Refusal[] = [
  { title: 'removing the root', does: ({ client }) => client.remove('/'), code: 'permission-denied' },
  { title: 'moving the root', does: ({ client }) => client.move('/', '/d/root'), code: 'permission-denied' },
  { title: 'moving onto the root', does: ({ client }) => client.move('/d', '/'), code: 'permission-denied' },
  { title: 'copying onto the root', does: ({ client }) => client.copy('/d', '/'), code: 'permission-denied' },
  { title: 'writing the root', does: ({ client }) => client.write('/', ''), code: 'is-a-directory' },
  { title: 'making the root', does: ({ client }) => client.mkdir('/'), code: 'already-exists' },
  {
    title: 'moving a folder into itself',
    does: ({ client }) => client.move('/d', '/d/e'),
    code: 'permission-denied',
  },
  {
    title: 'moving onto a folder above',
    does: ({ client }) => client.move('/d/e/f', '/d'),
    code: 'permission-denied',
  },
  { title: 'copying onto itself', does: ({ client }) => client.copy('/a', '/a'), code: 'permission-denied' },
  {
    title: 'copying a folder into itself',
    does: ({ client }) => client.copy('/d', '/d/x'),
    code: 'permission-denied',
  },
  {
    title: 'moving what is not there onto a folder',
    does: ({ client }) => client.move('/x', '/d'),
    code: 'not-found',
  },
  {
    title: 'copying what is not there onto a folder',
    does: ({ client }) => client.copy('/x', '/d'),
    code: 'not-found',
  },
  {
    title: 'moving without overwriting',
    does: ({ client }) => client.move('/a', '/d', false),
    code: 'already-exists',
  },
  {
    title: 'copying without overwriting',
    does: ({ client }) => client.copy('/a', '/d', false),
    code: 'already-exists',
  },
  {
    title: 'moving below a missing folder',
    does: ({ client }) => client.move('/a', '/x/a'),
    code: 'parent-missing',
  },
  {
    title: 'writing below a missing folder',
    does: ({ client }) => client.write('/x/a', ''),
    code: 'parent-missing',
  },
  { title: 'writing a folder', does: ({ client }) => client.write('/d', ''), code: 'is-a-directory' },
]

describe('a change that would lose something', () => {
  it.each(refusals)('is refused: $title ($code)', async ({ does, code }) => {
    await using opened = openVfs()
    opened.backend.put('/a', 'a')
    opened.backend.put('/d/e/f', 'f')
    const before = opened.backend.snapshot()
    await expect(does(opened)).rejects.toMatchObject({ code })
    expect(opened.backend.snapshot()).toEqual(before)
  })

  it('removes nothing for a source that somebody else has just removed', async () => {
    await using opened = openVfs()
    opened.backend.put('/source/file', 'content')
    opened.backend.put('/target/file', 'precious')
    await opened.client.names('/')
    opened.backend.delete('/source')
    await expect(opened.client.move('/source', '/target')).rejects.toMatchObject({ code: 'not-found' })
    expect(opened.backend.snapshot()).toMatchObject({ '/target/file': 'precious' })
  })

  it('does not remove a folder to make room for itself where the disk ignores case', async () => {
    await using opened = openVfs()
    opened.backend.put('/folder/file', 'content')
    const stat = opened.backend.stat.bind(opened.backend)
    opened.backend.stat = (path, inner) => stat(at(path.replace('/FOLDER', '/folder')), inner)
    await opened.client.move('/folder', '/FOLDER')
    expect(opened.backend.snapshot()).toEqual({ '/FOLDER': null, '/FOLDER/file': 'content' })
  })
})

describe('what is replaced by a move', () => {
  it.each([
    { from: '/a', to: '/b', title: 'a file by a file' },
    { from: '/a', to: '/e', title: 'a folder by a file' },
    { from: '/d', to: '/a', title: 'a file by a folder' },
    { from: '/d', to: '/e', title: 'a folder by a folder' },
  ])('is gone with all that was kept for it: $title', async ({ from, to }) => {
    await using opened = openVfs()
    for (const path of ['/a', '/b', '/d/one', '/e/two']) opened.backend.put(path, path)
    const name = to.slice(1)
    await opened.client.write(`/._${name}`, 'old attributes')
    opened.vfs.properties.change(at(to), [
      { kind: 'set', property: { namespace: 'n', name: 'p', xml: '<p/>' } },
    ])
    const expected = await opened.client.stat(from)
    expect(await opened.client.move(from, to)).toMatchObject({
      created: false,
      node: { fileId: expected.fileId },
    })
    expect(await opened.client.names('/')).not.toContain(`._${name}`)
    expect(opened.vfs.properties.of(at(to))).toEqual([])
    const paths = Object.keys(opened.backend.snapshot())
    expect(paths.filter((path) => path.startsWith(`${from}/`) || path === from)).toEqual([])
  })

  it('stays readable until the new file takes its place at once', async () => {
    await using opened = openVfs()
    opened.backend.put('/a', 'new')
    opened.backend.put('/b', 'old')
    await opened.client.names('/')
    opened.backend.resetCalls()
    await opened.client.move('/a', '/b')
    expect(opened.backend.log).toEqual(['move /a /b'])
  })
})

describe('dead properties', () => {
  const property = { namespace: 'urn:x', name: 'colour', xml: '<x:colour xmlns:x="urn:x">red</x:colour>' }

  it('move, copy, survive a restart and die with their file', async () => {
    await using opened = openVfs()
    opened.backend.put('/d/a', 'a')
    expect(opened.vfs.properties.any()).toBe(false)
    opened.vfs.properties.change(at('/d/a'), [{ kind: 'set', property }])
    await opened.client.move('/d', '/e')
    await opened.client.copy('/e', '/f')
    await opened.restart()
    const of = (path: string): readonly unknown[] => opened.vfs.properties.of(at(path))
    expect([of('/d/a'), of('/e/a'), of('/f/a')]).toEqual([[], [property], [property]])
    await opened.client.remove('/e')
    await opened.client.remove('/f/a')
    expect(opened.vfs.properties.any()).toBe(false)
  })

  it('of an earlier file do not cling to a new one of its name', async () => {
    await using opened = openVfs()
    opened.backend.put('/a', 'a')
    opened.vfs.properties.change(at('/a'), [{ kind: 'set', property }])
    opened.backend.delete('/a')
    await opened.client.write('/a', 'another')
    expect(opened.vfs.properties.of(at('/a'))).toEqual([])
  })

  it('change all together, the later of two changes to one standing', async () => {
    await using opened = openVfs()
    const other = { ...property, xml: '<x:colour xmlns:x="urn:x">blue</x:colour>' }
    opened.vfs.properties.change(at('/a'), [
      { kind: 'set', property },
      { kind: 'set', property: other },
      { kind: 'set', property: { ...property, name: 'size' } },
      { kind: 'remove', namespace: 'urn:x', name: 'size' },
    ])
    expect(opened.vfs.properties.of(at('/a'))).toEqual([other])
  })
})

describe('changes that meet', () => {
  it('go one after the other: an upload, then the rename of its folder', async () => {
    await using opened = openVfs()
    opened.backend.mkdir('/d')
    const body = Promise.withResolvers<undefined>()
    opened.backend.script('write', { before: body.promise })
    const writing = opened.client.write('/d/file', 'content')
    const moving = opened.client.move('/d', '/e')
    const reading = opened.client.names('/d')
    expect(await reading).toEqual([])
    expect(opened.backend.calls.move).toBe(0)
    body.resolve(undefined)
    await Promise.all([writing, moving])
    expect(opened.backend.snapshot()).toEqual({ '/e': null, '/e/file': 'content' })
  })

  it('do not hold up those that do not', async () => {
    await using opened = openVfs()
    opened.backend.script('write', { before: new Promise(() => undefined) })
    const leaver = new AbortController()
    const stuck = opened.vfs.write(at('/stuck'), bodyOf('x'), { signal: leaver.signal })
    await opened.client.write('/free', 'content')
    await opened.client.move('/free', '/moved')
    leaver.abort()
    await expect(stuck).rejects.toMatchObject({ code: 'cancelled' })
    await opened.client.write('/stuck', 'second try')
    expect(await opened.client.read('/stuck')).toBe('second try')
  })

  it('are refused as busy when they have waited for a minute', async () => {
    await using opened = openVfs()
    const pause = Promise.withResolvers<undefined>()
    const slow = opened.vfs.write(at('/file'), bodyOf('slow', pause.promise), call)
    const waiting = expect(opened.client.write('/file', 'fast')).rejects.toMatchObject({ code: 'busy' })
    await opened.clock.advance(60_000)
    await waiting
    pause.resolve(undefined)
    await slow
    expect(await opened.client.read('/file')).toBe('slow')
  })

  it('are given up by a client that leaves while it waits', async () => {
    await using opened = openVfs()
    const pause = Promise.withResolvers<undefined>()
    const slow = opened.vfs.write(at('/file'), bodyOf('slow', pause.promise), call)
    const leaver = new AbortController()
    const waiting = opened.vfs.remove(at('/file'), { signal: leaver.signal })
    leaver.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    pause.resolve(undefined)
    await slow
    expect(await opened.client.read('/file')).toBe('slow')
  })
})

async function* bodyOf(
  text: string,
  pause: Promise<unknown> = Promise.resolve(),
): AsyncGenerator<Uint8Array> {
  await pause
  yield Buffer.from(text)
}
