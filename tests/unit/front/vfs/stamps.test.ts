import { describe, expect, it } from 'vitest'

import { openVfs, type OpenedVfs } from '../../../harness/open-vfs.ts'

interface Change {
  readonly title: string
  readonly path: string
  readonly change: (opened: OpenedVfs) => unknown
}

const dayMs = 86_400_000

const changes: readonly Change[] = [
  { title: 'a write to the file', path: '/d/a', change: ({ client }) => client.write('/d/a', 'new') },
  {
    title: 'a write by somebody else that leaves size and second alone',
    path: '/d/a',
    change: ({ backend }) => backend.put('/d/a', 'B'),
  },
  {
    title: 'an older file that somebody else put in its place',
    path: '/d/a',
    change: ({ backend, clock }) => backend.put('/d/a', 'older', clock.now() - dayMs),
  },
  {
    title: 'an older file that was renamed onto it',
    path: '/d/a',
    change: async ({ backend, clock, client }) => {
      backend.put('/old', 'old', clock.now() - dayMs)
      await clock.advance(5_000)
      await client.move('/old', '/d/a')
    },
  },
  {
    title: 'its removal and another file of the name',
    path: '/d/a',
    change: async ({ client }) => {
      await client.remove('/d/a')
      await client.write('/d/a', 'again')
    },
  },
  {
    title: 'its folder being removed and made again',
    path: '/d/a',
    change: async ({ client }) => {
      await client.remove('/d')
      await client.mkdir('/d')
      await client.write('/d/a', 'again')
    },
  },
  {
    title: 'another folder being renamed to the name of its folder',
    path: '/d/a',
    change: async ({ client }) => {
      await client.mkdir('/e')
      await client.write('/e/a', 'other')
      await client.names('/e')
      await client.move('/e', '/d')
    },
  },
  { title: 'a new file in the directory', path: '/d', change: ({ client }) => client.write('/d/new', '') },
  { title: 'a file removed from the directory', path: '/d', change: ({ client }) => client.remove('/d/a') },
  {
    title: 'a Finder file in the directory',
    path: '/d',
    change: ({ client }) => client.write('/d/.DS_Store', ''),
  },
  { title: 'a new file in the root', path: '/', change: ({ client }) => client.write('/new', '') },
  {
    title: 'a file that somebody else made in the directory, seen by looking for it',
    path: '/d',
    change: async ({ backend, client, clock }) => {
      backend.put('/d/by others', '')
      await clock.advance(5_000)
      await client.stat('/d/by others')
    },
  },
]

describe('Last-Modified', () => {
  it.each(changes)('of $path moves within the same second by $title', async ({ path, change }) => {
    await using opened = openVfs()
    opened.backend.put('/d/a', 'A')
    await opened.client.names('/')
    await opened.client.names('/d')
    const before = await opened.client.stat(path)
    await change(opened)
    await opened.clock.advance(6_000)
    const after = await opened.client.stat(path)
    expect(after.lastModifiedSec).toBeGreaterThan(before.lastModifiedSec)
  })

  it('of a directory follows changes that its own time at the backend does not show', async () => {
    await using opened = openVfs()
    opened.backend.put('/d/a', 'A')
    await opened.client.names('/d')
    const before = await opened.client.stat('/d')
    opened.backend.put('/d/a', 'B')
    await opened.clock.advance(6_000)
    await opened.client.names('/d')
    expect((await opened.client.stat('/d')).lastModifiedSec).toBeGreaterThan(before.lastModifiedSec)
  })

  it('of a directory that nobody looks at does not run away with many changes', async () => {
    await using opened = openVfs()
    await opened.client.mkdir('/d')
    const before = await opened.client.stat('/d')
    for (let index = 0; index < 100; index += 1) await opened.client.write(`/d/${index}`, '')
    expect((await opened.client.stat('/d')).lastModifiedSec).toBe(before.lastModifiedSec + 1)
  })

  it('of a renamed file goes along', async () => {
    await using opened = openVfs()
    await opened.client.write('/a', '1')
    const { node } = await opened.client.write('/a', '2')
    expect((await opened.client.move('/a', '/b')).node.lastModifiedSec).toBe(node.lastModifiedSec)
    expect((await opened.client.stat('/b')).lastModifiedSec).toBe(node.lastModifiedSec)
  })

  it('of files in a renamed folder goes along', async () => {
    await using opened = openVfs()
    await opened.client.mkdir('/d')
    await opened.client.write('/d/a', '1')
    const { node } = await opened.client.write('/d/a', '2')
    await opened.client.move('/d', '/e')
    expect((await opened.client.stat('/e/a')).lastModifiedSec).toBe(node.lastModifiedSec)
  })
})
