import { mkdir, readlink, symlink } from 'node:fs/promises'

import { beforeEach, describe, expect, it } from 'vitest'

import { useServedFolder } from './served-folder.ts'

const folder = useServedFolder()
const contentOf = async (path: string): Promise<string> =>
  (await folder().ask('GET', 'content', { path })).text

describe('links that stay inside the root', () => {
  beforeEach(async () => {
    await mkdir(folder().real('directory'))
    await folder().put('directory/file', 'content')
    await symlink('directory/file', folder().real('file link'))
    await symlink('directory', folder().real('directory link'))
  })

  it('are what they lead to', async () => {
    const { value } = await folder().ask('GET', 'attributes', { path: 'directory/file' })
    expect((await folder().ask('GET', 'attributes', { path: 'file link' })).value).toEqual(value)
    expect(await contentOf('directory link/file')).toBe('content')
    expect((await folder().names()).sort()).toEqual(['directory', 'directory link', 'file link'])
  })

  it('are written through, and removed and moved as links', async () => {
    await folder().put('file link', 'new')
    expect(await contentOf('directory/file')).toBe('new')
    const { value } = await folder().ask('POST', 'move', { from: 'file link', to: 'moved' })
    expect(await readlink(folder().real('moved'))).toBe('directory/file')
    expect(value).toEqual((await folder().ask('GET', 'attributes', { path: 'moved' })).value)
    await folder().ask('DELETE', 'entry', { path: 'directory link' })
    expect(await contentOf('directory/file')).toBe('new')
  })

  it('are left out of listings where they would make a tree without end', async () => {
    await symlink('..', folder().real('directory/up'))
    expect(await folder().names('directory')).toEqual(['file'])
  })
})

describe('links that lead nowhere', () => {
  it.each(['absent', 'link', 'file/below'])('to %s are neither shown nor replaced', async (target) => {
    await folder().put('file', 'content')
    await symlink(target, folder().real('link'))
    expect(await folder().names()).toEqual(['file'])
    expect(await folder().code('GET', 'attributes', { path: 'link' })).toBe('not-found')
    expect(await folder().code('DELETE', 'entry', { path: 'link' })).toBe('not-found')
    expect(await folder().code('PUT', 'content', { path: 'link' }, { body: 'new' })).toBe('permission-denied')
    expect(await folder().code('POST', 'move', { from: 'file', to: 'link' })).toBe('permission-denied')
    expect(await readlink(folder().real('link'))).toBe(target)
  })
})
