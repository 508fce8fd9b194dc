import { describe, expect, it } from 'vitest'

import { codeOf, useDrive, type MakeBackend } from './subject.ts'

export function describeRemoving(makeBackend: MakeBackend): void {
  describe('remove', () => {
    const drive = useDrive(makeBackend)

    it('removes a file and nothing beside it', async () => {
      await drive().put('/file')
      await drive().put('/file 2')
      await drive().remove('/file')
      expect(await drive().names('/')).toEqual(['file 2'])
      expect(await codeOf(drive().stat('/file'))).toBe('not-found')
    })

    it('removes a directory with all that is in it', async () => {
      await drive().makeDirectory('/tree')
      for (let index = 0; index < 100; index++) await drive().put(`/tree/file ${index}`)
      await drive().makeDirectory('/tree/a')
      await drive().makeDirectory('/tree/a/b')
      await drive().makeDirectory('/tree/empty')
      await drive().put('/tree/a/b/deep', 'content')
      await drive().put('/beside', 'stays')
      await drive().remove('/tree')
      expect(await drive().names('/')).toEqual(['beside'])
    })

    it('makes room: the name may be used again for something of another kind', async () => {
      await drive().put('/name')
      await drive().remove('/name')
      await drive().makeDirectory('/name')
      await drive().remove('/name')
      await drive().put('/name', 'file again')
      expect(await drive().getText('/name')).toBe('file again')
    })

    it.each([
      ['/absent', 'not-found'],
      ['/absent/below', 'not-found'],
      ['/file/below', 'not-found'],
      ['/', 'permission-denied'],
    ])('refuses %s with %s', async (path, code) => {
      await drive().put('/file', 'stays')
      expect(await codeOf(drive().remove(path))).toBe(code)
      expect(await drive().getText('/file')).toBe('stays')
    })
  })
}
