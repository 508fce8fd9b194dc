import { describe, expect, it } from 'vitest'

import type { Chunks } from '../../../src-main/front/vfs/backend.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import { at, bodyOf, codeOf, collect, patterned, useDrive, type MakeBackend } from './subject.ts'

const mebibyte = 1024 * 1024

export function describeWriting(makeBackend: MakeBackend): void {
  describe('write', () => {
    const drive = useDrive(makeBackend)

    it('creates a file and describes it as stat does', async () => {
      const written = await drive().put('/new', 'content')
      expect(written).toEqual(await drive().stat('/new'))
      expect(written).toMatchObject({ kind: 'file', size: 7 })
    })

    it('replaces the whole content, longer by shorter', async () => {
      await drive().put('/file', 'a long old content')
      const written = await drive().put('/file', 'short')
      expect(await drive().getText('/file')).toBe('short')
      expect(written).toEqual(await drive().stat('/file'))
    })

    it('makes an empty file of a body without chunks, and of one with empty chunks', async () => {
      await drive().put('/file', 'old')
      await drive().backend.write(at('/file'), bodyOf(), drive().call)
      expect(await drive().stat('/file')).toMatchObject({ size: 0 })
      await drive().backend.write(at('/other'), bodyOf('', '', ''), drive().call)
      expect(await drive().stat('/other')).toMatchObject({ size: 0 })
    })

    it.each([
      ['many small ones', [1, 2, 3, 10, 5_000, 1, 70_000, 0, 65_536]],
      ['more than fit one batch', Array.from({ length: 60 }, () => 65_536)],
      ['small, large, small', [10, 3 * mebibyte, 10]],
      ['exactly one batch and one more byte', [mebibyte, 1]],
      ['sizes that straddle every border', Array.from({ length: 40 }, (_, index) => 90_001 + index * 13)],
    ])('keeps the order of chunks: %s', async (_name, sizes) => {
      const chunks = sizes.map((size, index) => patterned(size, index + 1))
      await drive().backend.write(at('/file'), bodyOf(...chunks), drive().call)
      expect((await drive().get('/file')).equals(Buffer.concat(chunks))).toBe(true)
    })

    it('copies a file of 20 MB from a read of the same backend', async () => {
      const content = patterned(20_000_000)
      await drive().put('/from', content)
      const source = await drive().backend.read(at('/from'), undefined, drive().call)
      await drive().backend.write(at('/to'), source.body, drive().call)
      expect((await drive().get('/to')).equals(content)).toBe(true)
    })

    it('shows the old content, and no second file, until the new is complete', async () => {
      await drive().put('/file', 'old')
      const seen: unknown[] = []
      async function* body(): Chunks {
        yield patterned(2 * mebibyte)
        seen.push(await drive().getText('/file'), await drive().names('/'))
        yield Buffer.from('end')
        seen.push(await drive().getText('/file'), await drive().names('/'))
      }
      await drive().backend.write(at('/file'), body(), drive().call)
      expect(seen).toEqual(['old', ['file'], 'old', ['file']])
      expect(await drive().stat('/file')).toMatchObject({ size: 2 * mebibyte + 3 })
    })

    it.each([
      ['at once', 0],
      ['after a chunk', 1],
      ['half way through a large file', 40],
    ])('leaves the old content and no trace when the body throws %s', async (_when, chunkCount) => {
      await drive().put('/file', 'old')
      async function* body(): Chunks {
        for (let index = 0; index < chunkCount; index++) yield patterned(65_536)
        await Promise.resolve()
        throw new AppError('body-incomplete')
      }
      expect(await codeOf(drive().backend.write(at('/file'), body(), drive().call))).toBe('body-incomplete')
      expect(await codeOf(drive().backend.write(at('/new'), body(), drive().call))).toBe('body-incomplete')
      expect(await drive().getText('/file')).toBe('old')
      expect(await drive().names('/')).toEqual(['file'])
    })

    it('calls a body incomplete that throws what is no AppError, and keeps it as the cause', async () => {
      const reason = new Error('socket hang up')
      async function* body(): Chunks {
        yield await Promise.resolve(Buffer.from('begun'))
        throw reason
      }
      const failure: unknown = await drive()
        .backend.write(at('/file'), body(), drive().call)
        .catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'body-incomplete', cause: reason })
    })

    it.each([
      ['/', 'is-a-directory'],
      ['/directory', 'is-a-directory'],
      ['/absent/new', 'parent-missing'],
      ['/absent/deeper/new', 'parent-missing'],
      ['/file/new', 'parent-missing'],
    ])('refuses %s with %s and asks for no chunk of the body', async (path, code) => {
      await drive().makeDirectory('/directory')
      await drive().put('/file', 'old')
      let isAsked = false
      async function* body(): Chunks {
        isAsked = true
        yield await Promise.resolve(Buffer.from('new'))
      }
      expect(await codeOf(drive().backend.write(at(path), body(), drive().call))).toBe(code)
      expect(isAsked).toBe(false)
      expect(await drive().names('/')).toEqual(['directory', 'file'])
    })

    it('lets one of many writers of a path win, whole', async () => {
      const contents = Array.from({ length: 8 }, (_, index) => patterned(mebibyte + index, index + 1))
      const written = await Promise.all(
        contents.map((content) =>
          drive().backend.write(
            at('/contested'),
            bodyOf(content.subarray(0, 70_000), content.subarray(70_000)),
            drive().call,
          ),
        ),
      )
      const result = await drive().get('/contested')
      const winner = contents.findIndex((content) => content.equals(result))
      expect(winner).toBeGreaterThanOrEqual(0)
      expect(written[winner]).toEqual(await drive().stat('/contested'))
      expect(await drive().names('/')).toEqual(['contested'])
    })

    it('never shows a reader a mixture of two contents', async () => {
      const contents = [patterned(300_000, 1), patterned(300_000, 2)]
      await drive().put('/file', contents[0])
      const writing = (async () => {
        for (let round = 0; round < 20; round++) await drive().put('/file', contents[round % 2])
      })()
      for (let round = 0; round < 40; round++) {
        const { body } = await drive().backend.read(at('/file'), undefined, drive().call)
        const seen = await collect(body)
        expect(contents.some((content) => content.equals(seen))).toBe(true)
      }
      await writing
    })

    it('moves the modification time or the file id with every write', async () => {
      const first = await drive().put('/file', 'same')
      const second = await drive().put('/file', 'size')
      expect([second.fileId, second.modifiedMs]).not.toEqual([first.fileId, first.modifiedMs])
    })
  })
}
