import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'

import { textOf } from '../../../fakes/memory-backend.ts'
import { at, call, openVfs } from '../../../harness/open-vfs.ts'

describe("Finder's own files", () => {
  it('survive a restart with content and times', async () => {
    await using opened = openVfs()
    await opened.client.mkdir('/d')
    const { node } = await opened.client.write('/d/._file', 'attributes')
    await opened.client.mkdir('/.Trashes')
    await opened.client.write('/.Trashes/thrown away', 'text')
    await opened.restart()
    expect(await opened.client.stat('/d/._file')).toEqual(node)
    expect(await opened.client.read('/d/._file')).toBe('attributes')
    expect(await opened.client.names('/.Trashes')).toEqual(['thrown away'])
    expect(opened.backend.snapshot()).toEqual({ '/d': null })
  })

  it('can be read in part', async () => {
    await using opened = openVfs()
    await opened.client.write('/._file', '0123456789')
    const read = async (start: number, end: number): Promise<[number, string]> => {
      const part = await opened.vfs.read(at('/._file'), { start, end }, call)
      return [part.length, await textOf(part.body)]
    }
    expect(await read(2, 4)).toEqual([3, '234'])
    expect(await read(8, 99)).toEqual([2, '89'])
    expect(await read(10, 12)).toEqual([0, ''])
  })

  it('tell names apart that differ in case only', async () => {
    await using opened = openVfs()
    await opened.client.write('/._A', 'large')
    await opened.client.write('/._a', 'small')
    expect([await opened.client.read('/._A'), await opened.client.read('/._a')]).toEqual(['large', 'small'])
  })

  it('hide files of such names that the bucket holds already', async () => {
    await using opened = openVfs()
    opened.backend.put('/.DS_Store', 'from another Mac')
    opened.backend.put('/file', 'content')
    expect(await opened.client.names('/')).toEqual(['file'])
    await expect(opened.client.stat('/.DS_Store')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('end an atomic save as one write to the backend', async () => {
    await using opened = openVfs()
    opened.backend.put('/doc', 'old text')
    await opened.client.mkdir('/.TemporaryItems')
    await opened.client.write('/.TemporaryItems/doc', 'new text')
    await opened.client.write('/.TemporaryItems/._doc', 'tags')
    opened.backend.resetCalls()
    await opened.client.stat('/doc')
    expect(await opened.client.move('/.TemporaryItems/doc', '/doc')).toMatchObject({ created: false })
    expect(opened.backend.log).toEqual(['stat /doc', 'write /doc'])
    expect(await opened.client.read('/doc')).toBe('new text')
    expect(await opened.client.read('/._doc')).toBe('tags')
    expect(await opened.client.names('/.TemporaryItems')).toEqual([])
  })

  it('let macOS rename the attributes that have followed their file already', async () => {
    await using opened = openVfs()
    opened.backend.put('/a', 'content')
    await opened.client.write('/._a', 'attributes')
    await opened.client.move('/a', '/b')
    expect(await opened.client.move('/._a', '/._b')).toMatchObject({ created: false })
    expect(await opened.client.read('/._b')).toBe('attributes')
    await expect(opened.client.move('/._a', '/._c')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('stay where they are when a move out of them fails', async () => {
    await using opened = openVfs()
    await opened.client.mkdir('/.TemporaryItems')
    await opened.client.write('/.TemporaryItems/doc', 'text')
    opened.backend.script('write', { error: 'no-space' })
    await expect(opened.client.move('/.TemporaryItems/doc', '/doc')).rejects.toMatchObject({
      code: 'no-space',
    })
    expect(await opened.client.read('/.TemporaryItems/doc')).toBe('text')
  })

  it('are kept on a read-only drive too, where nothing else may change', async () => {
    await using opened = openVfs({ readOnly: true })
    opened.backend.put('/file', 'content')
    let taken = 0
    async function* body(): AsyncGenerator<Uint8Array> {
      await Promise.resolve()
      taken += 1
      yield Buffer.from('x')
    }
    const { vfs, client } = opened
    await expect(vfs.write(at('/file'), body(), call)).rejects.toMatchObject({ code: 'read-only' })
    await expect(client.mkdir('/d')).rejects.toMatchObject({ code: 'read-only' })
    await expect(client.remove('/file')).rejects.toMatchObject({ code: 'read-only' })
    await expect(client.move('/file', '/.Trashes')).rejects.toMatchObject({ code: 'read-only' })
    await expect(client.copy('/file', '/copy')).rejects.toMatchObject({ code: 'read-only' })
    expect(taken).toBe(0)
    await client.write('/._file', 'attributes')
    expect(await client.names('/')).toEqual(['._file', 'file'])
    expect(opened.backend.snapshot()).toEqual({ '/file': 'content' })
  })

  it('of a folder that is known to be missing are refused', async () => {
    await using opened = openVfs()
    await opened.client.names('/')
    await expect(opened.client.write('/gone/._x', '')).rejects.toMatchObject({ code: 'parent-missing' })
    await expect(opened.client.write('/.Trashes/501/x', '')).rejects.toMatchObject({ code: 'parent-missing' })
  })
})

describe('the files that keep Spotlight away', () => {
  it('are there, empty and unlisted, and cannot be removed or replaced', async () => {
    await using opened = openVfs()
    const path = '/.metadata_never_index'
    expect(await opened.client.stat(path)).toMatchObject({ kind: 'file', size: 0 })
    expect(await opened.client.read(path)).toBe('')
    expect(await opened.client.names('/')).toEqual([])
    await expect(opened.client.remove(path)).rejects.toMatchObject({ code: 'permission-denied' })
    await expect(opened.client.write(path, 'text')).rejects.toMatchObject({ code: 'permission-denied' })
    await expect(opened.client.write(path, '')).resolves.toMatchObject({ created: false })
  })

  it('are taken as they are on a bucket that holds such names at its root, and elsewhere as files', async () => {
    await using opened = openVfs()
    opened.backend.put('/.metadata_never_index', 'text')
    opened.backend.put('/d/.metadata_never_index', 'text')
    expect(await opened.client.names('/')).toEqual(['d'])
    expect(await opened.client.names('/d')).toEqual(['.metadata_never_index'])
    expect(await opened.client.read('/d/.metadata_never_index')).toBe('text')
  })
})

describe('the state folder', () => {
  const bodies = (stateDir: string): string[] => readdirSync(join(stateDir, 'finder-bodies'))

  it('is rid of bodies that nothing refers to at the next start', async () => {
    await using opened = openVfs()
    await opened.client.write('/._kept', 'attributes')
    writeFileSync(join(opened.stateDir, 'finder-bodies', '77'), 'left by a crash before its entry')
    writeFileSync(join(opened.stateDir, 'finder-bodies', '78.part'), 'left by a crash in the middle')
    await opened.restart()
    expect(bodies(opened.stateDir)).toHaveLength(1)
    expect(await opened.client.read('/._kept')).toBe('attributes')
  })

  it('keeps no body of what was replaced or removed', async () => {
    await using opened = openVfs()
    await opened.client.write('/._a', 'first')
    await opened.client.write('/._a', 'second')
    await opened.client.mkdir('/.Trashes')
    await opened.client.write('/.Trashes/b', 'text')
    await opened.client.remove('/.Trashes')
    expect(bodies(opened.stateDir)).toHaveLength(1)
  })

  it('keeps nothing of an upload that broke off', async () => {
    await using opened = openVfs()
    async function* body(): AsyncGenerator<Uint8Array> {
      await Promise.resolve()
      yield Buffer.from('half')
      throw new Error('connection lost')
    }
    await opened.client.write('/._a', 'whole')
    await expect(opened.vfs.write(at('/._a'), body(), call)).rejects.toThrow('connection lost')
    expect(await opened.client.read('/._a')).toBe('whole')
    expect(bodies(opened.stateDir)).toHaveLength(1)
  })

  it.each([
    ['damaged', (path: string) => writeFileSync(path, 'this is no database')],
    [
      'of a newer Mountbar',
      (path: string) => {
        const database = new DatabaseSync(path)
        database.exec('PRAGMA user_version = 99')
        database.close()
      },
    ],
  ])('is set aside and reported when its database is %s', async (_title, spoil) => {
    const reports: string[] = []
    await using opened = openVfs({ onStateSetAside: (brokenPath) => reports.push(brokenPath) })
    await opened.client.write('/._a', 'attributes')
    await opened.vfs[Symbol.asyncDispose]()
    spoil(join(opened.stateDir, 'vfs.sqlite'))
    await opened.restart()
    await expect(opened.client.stat('/._a')).rejects.toMatchObject({ code: 'not-found' })
    await opened.client.write('/._a', 'new')
    expect(reports).toHaveLength(1)
    expect(existsSync(reports[0]!)).toBe(true)
    const [kept] = readdirSync(opened.stateDir).filter((name) => name.startsWith('finder-bodies.broken-'))
    const [body] = readdirSync(join(opened.stateDir, kept!))
    expect(readFileSync(join(opened.stateDir, kept!, body!), 'utf8')).toBe('attributes')
  })
})
