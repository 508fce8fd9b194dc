import { describe, expect, it } from 'vitest'

import { codeOf, useDrive, type MakeBackend } from './subject.ts'

export function describeMoving(makeBackend: MakeBackend): void {
  describe('move', () => {
    const drive = useDrive(makeBackend)

    it('renames a file within its directory, keeping content and times', async () => {
      const before = await drive().put('/old', 'content')
      const moved = await drive().move('/old', '/new')
      expect(moved).toEqual(await drive().stat('/new'))
      expect(moved).toMatchObject({ size: 7, modifiedMs: before.modifiedMs })
      expect(await drive().getText('/new')).toBe('content')
      expect(await drive().names('/')).toEqual(['new'])
    })

    it('takes a directory elsewhere with all that is in it', async () => {
      await drive().makeDirectory('/from')
      await drive().makeDirectory('/from/inner')
      await drive().put('/from/inner/file', 'content')
      await drive().makeDirectory('/to')
      const moved = await drive().move('/from', '/to/moved')
      expect(moved).toEqual(await drive().stat('/to/moved'))
      expect(await drive().getText('/to/moved/inner/file')).toBe('content')
      expect(await drive().names('/')).toEqual(['to'])
    })

    it('replaces a file at the new place', async () => {
      await drive().put('/from', 'new')
      await drive().put('/to', 'old')
      await drive().move('/from', '/to')
      expect(await drive().getText('/to')).toBe('new')
      expect(await drive().names('/')).toEqual(['to'])
    })

    it('never lets a reader miss the file that is being replaced', async () => {
      await drive().put('/to', 'old')
      const replacing = (async () => {
        for (let round = 0; round < 20; round++) {
          await drive().put('/from', 'new')
          await drive().move('/from', '/to')
        }
      })()
      for (let round = 0; round < 40; round++) expect(await drive().getText('/to')).toMatch(/^(old|new)$/)
      await replacing
    })

    it('replaces a file by a directory', async () => {
      await drive().makeDirectory('/from')
      await drive().put('/from/file', 'content')
      await drive().put('/to', 'old')
      const moved = await drive().move('/from', '/to')
      expect(moved).toMatchObject({ kind: 'directory' })
      expect(await drive().getText('/to/file')).toBe('content')
      expect(await drive().names('/')).toEqual(['to'])
    })

    it('keeps a file that is moved to where it is', async () => {
      await drive().put('/file', 'content')
      await drive().move('/file', '/file')
      expect(await drive().getText('/file')).toBe('content')
    })

    it.each([
      ['an absent file', '/absent', '/new', 'not-found'],
      ['from an absent directory', '/absent/file', '/new', 'not-found'],
      ['an absent file, into an absent directory', '/absent', '/absent/new', 'not-found'],
      ['a file into an absent directory', '/file', '/absent/new', 'parent-missing'],
      ['a file into a file', '/file', '/other/new', 'parent-missing'],
      ['a file over an empty directory', '/file', '/empty', 'already-exists'],
      ['a directory over an empty directory', '/directory', '/empty', 'already-exists'],
      ['a directory over a full one', '/empty', '/directory', 'already-exists'],
      ['a directory into itself', '/directory', '/directory/itself', 'permission-denied'],
      ['a directory deep into itself', '/directory', '/directory/inner/itself', 'permission-denied'],
      ['the root', '/', '/new', 'permission-denied'],
      ['a file over the root', '/file', '/', 'permission-denied'],
    ])('refuses %s and changes nothing', async (_name, from, to, code) => {
      await drive().put('/file', 'content')
      await drive().put('/other', 'other')
      await drive().makeDirectory('/empty')
      await drive().makeDirectory('/directory')
      await drive().makeDirectory('/directory/inner')
      expect(await codeOf(drive().move(from, to))).toBe(code)
      expect(await drive().names('/')).toEqual(['directory', 'empty', 'file', 'other'])
      expect(await drive().names('/directory')).toEqual(['inner'])
      expect(await drive().names('/empty')).toEqual([])
      expect(await drive().getText('/file')).toBe('content')
      expect(await drive().getText('/other')).toBe('other')
    })
  })
}
