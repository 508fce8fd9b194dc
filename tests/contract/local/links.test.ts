import { mkdir, readFile, readlink, readdir, symlink, writeFile, rm } from 'node:fs/promises'

import { beforeEach, describe, expect, it } from 'vitest'

import { at, bodyOf, codeOf, collect } from '../backend/subject.ts'
import { useLocalDrive } from './local-subject.ts'

describe('links that stay inside the folder', () => {
  const drive = useLocalDrive()

  beforeEach(async () => {
    await drive().makeDirectory('/directory')
    await drive().put('/directory/file', 'content')
    await symlink('directory/file', drive().real('file link'))
    await symlink('directory', drive().real('directory link'))
    await symlink(drive().real('directory/file'), drive().real('absolute link'))
    await symlink('file link', drive().real('link to a link'))
  })

  it('are what they lead to, in listings, attributes and content', async () => {
    const file = await drive().stat('/directory/file')
    const { entries } = await drive().backend.list(at('/'), drive().call)
    for (const name of ['file link', 'absolute link', 'link to a link']) {
      expect(entries.get(name)).toEqual(file)
      expect(await drive().stat(`/${name}`)).toEqual(file)
      expect(await drive().getText(`/${name}`)).toBe('content')
    }
    expect(entries.get('directory link')).toEqual(await drive().stat('/directory'))
    expect(await drive().names('/directory link')).toEqual(['file'])
    expect(await drive().getText('/directory link/file')).toBe('content')
  })

  it('are left out of a listing where they would make a tree without end', async () => {
    await drive().makeDirectory('/a')
    await drive().makeDirectory('/b')
    await symlink('.', drive().real('a/to itself'))
    await symlink('..', drive().real('a/to the root'))
    await symlink('../b', drive().real('a/to b'))
    await symlink('../a', drive().real('b/to a'))
    expect(await drive().names('/a')).toEqual(['to b'])
    expect(await drive().names('/a/to b')).toEqual([])
    expect(await drive().names('/b')).toEqual(['to a'])
    expect(await drive().names('/b/to a')).toEqual([])
  })

  it('are written through: the target has the new content, the link stays a link', async () => {
    await drive().put('/file link', 'new')
    expect(await drive().getText('/directory/file')).toBe('new')
    expect(await readlink(drive().real('file link'))).toBe('directory/file')
    await drive().put('/directory link/file', 'newer')
    expect(await drive().getText('/directory/file')).toBe('newer')
  })

  it('are removed and moved as links', async () => {
    await drive().remove('/directory link')
    await drive().move('/file link', '/moved link')
    expect(await readlink(drive().real('moved link'))).toBe('directory/file')
    expect(await drive().getText('/directory/file')).toBe('content')
    expect(await drive().names('/')).toEqual(['absolute link', 'directory', 'moved link'])
  })

  it('count as what they lead to when something is moved over them', async () => {
    await drive().put('/file', 'new')
    expect(await codeOf(drive().move('/file', '/directory link'))).toBe('already-exists')
    await drive().move('/file', '/file link')
    expect(await drive().getText('/file link')).toBe('new')
    expect(await drive().getText('/directory/file')).toBe('content')
  })

  it('do not let a directory be moved into itself by another way', async () => {
    expect(await codeOf(drive().move('/directory', '/directory link/itself'))).toBe('permission-denied')
    expect(await drive().getText('/directory/file')).toBe('content')
  })

  it('are not taken for directories to make', async () => {
    expect(await codeOf(drive().makeDirectory('/directory link'))).toBe('already-exists')
  })
})

describe('links that leave the folder', () => {
  const drive = useLocalDrive()

  beforeEach(async () => {
    await mkdir(drive().outside('directory'))
    await writeFile(drive().outside('directory/secret'), 'secret')
    await writeFile(drive().outside('secret'), 'secret')
    await symlink(drive().outside('secret'), drive().real('to a file'))
    await symlink('../outside/directory', drive().real('to a directory'))
    await symlink('..', drive().real('to the parent'))
    // A sibling whose name begins like the root's is outside, too.
    await mkdir(`${drive().rootDir} 2`)
    await writeFile(`${drive().rootDir} 2/secret`, 'secret')
    await symlink('../root 2', drive().real('to a namesake'))
    await drive().put('/inside', 'inside')
  })

  const outsideAsItWas = async (): Promise<void> => {
    expect((await readdir(drive().outsideDir, { recursive: true })).sort()).toEqual([
      'directory',
      'directory/secret',
      'secret',
    ])
    expect(await readFile(drive().outside('secret'), 'utf8')).toBe('secret')
    expect(await readFile(drive().outside('directory/secret'), 'utf8')).toBe('secret')
    expect(await readdir(`${drive().rootDir} 2`)).toEqual(['secret'])
  }

  it('are not listed', async () => {
    expect(await drive().names('/')).toEqual(['inside'])
  })

  const paths = [
    '/to a file',
    '/to a directory',
    '/to the parent',
    '/to a namesake',
    '/to a directory/secret',
    '/to a directory/absent',
    '/to the parent/outside/secret',
    '/to a directory/absent/deeper',
    '/to a namesake/secret',
  ]

  it.each(paths)('refuse everything at %s', async (path) => {
    const { backend, call } = drive()
    const refusals = {
      stat: await codeOf(drive().stat(path)),
      list: await codeOf(drive().names(path)),
      read: await codeOf(drive().get(path)),
      write: await codeOf(backend.write(at(path), bodyOf('new'), call)),
      moveFrom: await codeOf(drive().move(path, '/moved')),
      moveTo: await codeOf(drive().move('/inside', path)),
      remove: await codeOf(drive().remove(path)),
    }
    expect(new Set(Object.values(refusals))).toEqual(new Set(['outside-root']))
    expect(await drive().getText('/inside')).toBe('inside')
    await outsideAsItWas()
  })

  it.each(['/to a directory/new', '/to the parent/new'])('refuse to make a directory %s', async (path) => {
    expect(await codeOf(drive().makeDirectory(path))).toBe('outside-root')
    await outsideAsItWas()
  })

  it('may lead out and in again: only where a path ends counts', async () => {
    expect(await drive().getText('/to the parent/root/inside')).toBe('inside')
  })

  it('are removed with the directory they lie in, and their targets stay', async () => {
    await drive().makeDirectory('/tree')
    await symlink(drive().outsideDir, drive().real('tree/link'))
    await symlink(drive().outside('secret'), drive().real('tree/file link'))
    await drive().remove('/tree')
    expect(await drive().names('/')).toEqual(['inside'])
    await outsideAsItWas()
  })

  it('are seen at once where a directory was before', async () => {
    await drive().makeDirectory('/swapped')
    await drive().put('/swapped/secret', 'own')
    expect(await drive().getText('/swapped/secret')).toBe('own')
    await rm(drive().real('swapped'), { recursive: true })
    await symlink(drive().outsideDir, drive().real('swapped'))
    expect(await codeOf(drive().get('/swapped/secret'))).toBe('outside-root')
    expect(await codeOf(drive().put('/swapped/secret', 'new'))).toBe('outside-root')
    await outsideAsItWas()
  })
})

describe('links that lead nowhere', () => {
  const drive = useLocalDrive()

  it.each([
    ['an absent file', 'absent'],
    ['themselves', 'link'],
    ['below a file', 'file/below'],
  ])('to %s are neither shown nor replaced', async (_where, target) => {
    await drive().put('/file', 'content')
    await symlink(target, drive().real('link'))
    expect(await drive().names('/')).toEqual(['file'])
    expect(await codeOf(drive().stat('/link'))).toBe('not-found')
    expect(await codeOf(drive().names('/link'))).toBe('not-found')
    expect(await codeOf(drive().get('/link'))).toBe('not-found')
    expect(await codeOf(drive().remove('/link'))).toBe('not-found')
    expect(await codeOf(drive().move('/link', '/moved'))).toBe('not-found')
    expect(await codeOf(drive().put('/link', 'new'))).toBe('permission-denied')
    expect(await codeOf(drive().move('/file', '/link'))).toBe('permission-denied')
    expect(await readlink(drive().real('link'))).toBe(target)
  })
})

describe('a root that is itself a link', () => {
  const drive = useLocalDrive()

  it('is followed when the backend is made', async () => {
    const { createLocalBackend } = await import('../../../src-main/front/backends/local/local-backend.ts')
    await drive().makeDirectory('/directory')
    await drive().put('/directory/file', 'content')
    await symlink(drive().rootDir, drive().outside('root link'))
    const backend = await createLocalBackend({ rootDir: drive().outside('root link'), durable: false })
    const { body } = await backend.read(at('/directory/file'), undefined, drive().call)
    expect((await collect(body)).toString()).toBe('content')
  })
})
