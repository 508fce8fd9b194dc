import { describe, expect, it } from 'vitest'

import { at, codeOf, useDrive, type MakeBackend } from './subject.ts'

export function describeAttributes(makeBackend: MakeBackend, entries: number): void {
  describe('stat and list', () => {
    const drive = useDrive(makeBackend)

    it('describe the root of an empty drive', async () => {
      expect(await drive().stat('/')).toMatchObject({ kind: 'directory', size: 0 })
      const { directory, entries } = await drive().backend.list(at('/'), drive().call)
      expect(directory.kind).toBe('directory')
      expect(entries.size).toBe(0)
    })

    it('give the size of a file in bytes and 0 for a directory', async () => {
      await drive().put('/five', 'ü23')
      await drive().makeDirectory('/directory')
      expect(await drive().stat('/five')).toMatchObject({ kind: 'file', size: 4 })
      expect(await drive().stat('/directory')).toMatchObject({ kind: 'directory', size: 0 })
    })

    it('agree about every child, and about the directory itself', async () => {
      await drive().makeDirectory('/parent')
      await drive().put('/parent/file', 'content')
      await drive().makeDirectory('/parent/child')
      await drive().put('/parent/child/deeper', 'not a child')
      const { directory, entries } = await drive().backend.list(at('/parent'), drive().call)
      expect(directory).toEqual(await drive().stat('/parent'))
      expect(Object.fromEntries(entries)).toEqual({
        file: await drive().stat('/parent/file'),
        child: await drive().stat('/parent/child'),
      })
    })

    it('give times near now, in milliseconds', async () => {
      const beforeMs = Date.now()
      await drive().put('/new', 'x')
      const { modifiedMs, createdMs } = await drive().stat('/new')
      // A server's clock may differ a little from ours, and file systems round; seconds for milliseconds would not pass.
      for (const timeMs of [modifiedMs, createdMs]) expect(Math.abs(timeMs - beforeMs)).toBeLessThan(60_000)
    })

    it(`list a directory of ${entries} without losing or doubling any`, async () => {
      const names = Array.from({ length: entries }, (_, index) => `file ${String(index).padStart(4, '0')}`)
      await drive().makeDirectory('/many')
      await Promise.all(names.map((name) => drive().put(`/many/${name}`, name)))
      expect(await drive().names('/many')).toEqual(names)
    })

    it.each(['/absent', '/absent/below', '/file/below', '/file/below/deeper'])(
      'refuse %s with not-found',
      async (path) => {
        await drive().put('/file')
        expect(await codeOf(drive().stat(path))).toBe('not-found')
        expect(await codeOf(drive().names(path))).toBe('not-found')
        expect(await codeOf(drive().get(path))).toBe('not-found')
      },
    )

    it('refuse to list a file', async () => {
      await drive().put('/file')
      expect(await codeOf(drive().names('/file'))).toBe('not-a-directory')
    })

    it('change the file id when another file takes the path, and keep it otherwise', async () => {
      await drive().put('/a', 'same size')
      await drive().put('/b', 'size same')
      const { fileId } = await drive().stat('/a')
      expect((await drive().stat('/a')).fileId).toBe(fileId)
      await drive().move('/b', '/a')
      expect((await drive().stat('/a')).fileId).not.toBe(fileId)
    })
  })

  describe('statfs', () => {
    const drive = useDrive(makeBackend)

    it('gives the size of the store and what is free of it, in bytes', async () => {
      const { totalBytes, freeBytes } = await drive().backend.statfs(drive().call)
      expect(totalBytes).toBeGreaterThan(1_000_000)
      expect(freeBytes).toBeGreaterThan(0)
      expect(freeBytes).toBeLessThanOrEqual(totalBytes)
    })
  })

  describe('makeDirectory', () => {
    const drive = useDrive(makeBackend)

    it('makes an empty directory and describes it', async () => {
      const made = await drive().makeDirectory('/new')
      expect(made).toEqual(await drive().stat('/new'))
      expect(made.kind).toBe('directory')
      expect(await drive().names('/new')).toEqual([])
    })

    it.each(['/file', '/directory', '/'])('refuses %s, which is there already', async (path) => {
      await drive().put('/file', 'stays')
      await drive().makeDirectory('/directory')
      expect(await codeOf(drive().makeDirectory(path))).toBe('already-exists')
      expect(await drive().getText('/file')).toBe('stays')
    })

    it.each(['/absent/new', '/file/new'])('refuses %s, which has no directory to be in', async (path) => {
      await drive().put('/file')
      expect(await codeOf(drive().makeDirectory(path))).toBe('parent-missing')
      expect(await drive().names('/')).toEqual(['file'])
    })
  })
}
