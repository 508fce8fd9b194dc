import { describe, expect, it } from 'vitest'

import { countCalls } from '../../../../src-main/front/vfs/count-calls.ts'
import { at, call, openVfs, type OpenedVfs } from '../../../harness/open-vfs.ts'

interface Gesture {
  readonly title: string
  /** Done before the counting begins. */
  readonly before?: (opened: OpenedVfs) => Promise<unknown>
  readonly does: (opened: OpenedVfs) => Promise<unknown>
  readonly costs: readonly string[]
}

const listRoot = ({ client }: OpenedVfs): Promise<unknown> => client.names('/')

const gestures: readonly Gesture[] = [
  { title: 'asking for the root', does: ({ client }) => client.stat('/'), costs: [] },
  { title: 'listing a folder', does: listRoot, costs: ['list /'] },
  { title: 'listing it again', before: listRoot, does: listRoot, costs: [] },
  {
    title: 'two listings at once',
    does: ({ client }) => Promise.all([client.names('/d'), client.names('/d')]),
    costs: ['list /d'],
  },
  {
    title: 'asking for listed files and for missing ones',
    before: listRoot,
    does: async ({ client }) => {
      await client.stat('/a')
      await client.stat('/d')
      await expect(client.stat('/nothing')).rejects.toMatchObject({ code: 'not-found' })
      await expect(client.stat('/nothing/below/it')).rejects.toMatchObject({ code: 'not-found' })
    },
    costs: [],
  },
  {
    title: 'looking twice for what is not there, without a listing',
    does: async ({ client }) => {
      await expect(client.stat('/d/x')).rejects.toMatchObject({ code: 'not-found' })
      await expect(client.stat('/d/x')).rejects.toMatchObject({ code: 'not-found' })
    },
    costs: ['stat /d/x'],
  },
  {
    title: 'copying a new file into a listed folder as macOS does',
    before: listRoot,
    does: async ({ client }) => {
      await expect(client.stat('/new')).rejects.toMatchObject({ code: 'not-found' })
      await expect(client.stat('/._new')).rejects.toMatchObject({ code: 'not-found' })
      await client.write('/new', '')
      await client.write('/new', 'content')
      await client.stat('/new')
      await client.write('/._new', 'attributes')
      await client.names('/')
    },
    costs: ['write /new', 'write /new'],
  },
  {
    title: 'writing a file nothing is known of, then asking for it',
    does: async ({ client }) => {
      await client.write('/d/new', 'content')
      await client.stat('/d/new')
    },
    costs: ['stat /d/new', 'write /d/new'],
  },
  {
    title: 'a new folder and a file in it',
    before: listRoot,
    does: async ({ client }) => {
      await client.mkdir('/new')
      await client.names('/new')
      await client.write('/new/file', 'content')
      await client.names('/new')
    },
    costs: ['makeDirectory /new', 'write /new/file'],
  },
  { title: 'reading a file', does: ({ client }) => client.read('/a'), costs: ['read /a'] },
  {
    title: 'asking for a file that was just read',
    does: async ({ client }) => {
      await client.read('/d/b')
      await client.stat('/d/b')
    },
    costs: ['read /d/b'],
  },
  {
    title: 'renaming a file in a listed folder',
    before: listRoot,
    does: async ({ client }) => {
      await client.move('/a', '/z')
      await client.names('/')
      await client.stat('/z')
      await expect(client.stat('/a')).rejects.toMatchObject({ code: 'not-found' })
    },
    costs: ['move /a /z'],
  },
  {
    title: 'renaming a listed folder, then opening it',
    before: async ({ client }) => {
      await client.names('/')
      await client.names('/d')
    },
    does: async ({ client }) => {
      await client.move('/d', '/e')
      expect(await client.names('/e')).toEqual(['b'])
      await client.stat('/e/b')
    },
    costs: ['move /d /e'],
  },
  {
    title: 'deleting a file and its extended attributes',
    before: async ({ client }) => {
      await client.names('/')
      await client.write('/._a', 'attributes')
    },
    does: async ({ client }) => {
      await client.remove('/a')
      await expect(client.remove('/._a')).rejects.toMatchObject({ code: 'not-found' })
      await client.names('/')
    },
    costs: ['remove /a'],
  },
  {
    title: "everything that stays among Finder's own files",
    does: async ({ client }) => {
      await client.write('/never/seen/._x', 'attributes')
      await client.read('/never/seen/._x')
      await client.mkdir('/.TemporaryItems')
      await client.mkdir('/.TemporaryItems/folders.501')
      await client.write('/.TemporaryItems/folders.501/draft', 'text')
      await client.move('/.TemporaryItems/folders.501/draft', '/.TemporaryItems/draft')
      await client.copy('/.TemporaryItems/draft', '/.TemporaryItems/second')
      await client.names('/.TemporaryItems')
      await client.remove('/.TemporaryItems')
      await expect(client.stat('/.Trashes')).rejects.toMatchObject({ code: 'not-found' })
    },
    costs: [],
  },
  {
    title: 'what macOS probes for after mounting',
    does: async ({ client }) => {
      for (const path of ['/.localized', '/d/.localized', '/.hidden', '/mach_kernel', '/Backups.backupdb']) {
        await expect(client.stat(path)).rejects.toMatchObject({ code: 'not-found' })
      }
      await client.stat('/.metadata_never_index')
      await client.read('/.ql_disablethumbnails')
    },
    costs: [],
  },
  {
    title: 'asking for the free space twice',
    does: async ({ vfs }) => {
      await vfs.statfs(call)
      await vfs.statfs(call)
    },
    costs: ['statfs'],
  },
]

describe('backend calls', () => {
  it.each(gestures)('$title costs $costs', async ({ before, does, costs }) => {
    await using opened = openVfs()
    opened.backend.put('/a', 'a')
    opened.backend.put('/d/b', 'b')
    await before?.(opened)
    opened.backend.resetCalls()
    await does(opened)
    expect(opened.backend.log).toEqual(costs)
  })

  it('lists a folder of thousands with one call and no other for its children', async () => {
    await using opened = openVfs()
    for (let index = 0; index < 5_000; index += 1) opened.backend.put(`/big/file ${index}`, 'x')
    const { children } = await opened.vfs.list(at('/big'), call)
    for (const name of children.keys()) await opened.vfs.stat(at(`/big/${name}`), call)
    expect(opened.backend.totalCalls).toBe(1)
  })

  it('asks again when the time of its knowledge is over', async () => {
    await using opened = openVfs()
    await opened.client.names('/')
    await opened.clock.advance(5_000)
    await opened.client.names('/')
    expect(opened.backend.log).toEqual(['list /', 'list /'])
  })

  it('looks again for a missing name after the shorter time of absences', async () => {
    await using opened = openVfs()
    await expect(opened.client.stat('/new')).rejects.toMatchObject({ code: 'not-found' })
    opened.backend.put('/new', 'by somebody else')
    await opened.clock.advance(2_000)
    expect(await opened.client.stat('/new')).toMatchObject({ kind: 'file' })
  })

  it('are counted by the counter that is put in front of a backend', async () => {
    await using opened = openVfs()
    const counted = countCalls(opened.backend)
    const { backend } = counted
    await backend.makeDirectory(at('/d'), call)
    await backend.list(at('/d'), call)
    await expect(backend.stat(at('/x'), call)).rejects.toMatchObject({ code: 'not-found' })
    expect(counted.total()).toBe(3)
  })
})
