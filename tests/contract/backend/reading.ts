import { describe, expect, it } from 'vitest'

import { at, codeOf, collect, patterned, useDrive, type MakeBackend } from './subject.ts'

const mebibyte = 1024 * 1024

export function describeReading(makeBackend: MakeBackend): void {
  describe('read', () => {
    const drive = useDrive(makeBackend)

    it.each([0, 1, 4_095, 4_096, 65_537, mebibyte - 1, mebibyte, mebibyte + 1, 2 * mebibyte, 20_000_001])(
      'gives back the very %i bytes that were written',
      async (size) => {
        const content = patterned(size)
        await drive().put('/file', content)
        expect((await drive().get('/file')).equals(content)).toBe(true)
      },
    )

    it('says before the body what the file is and how long the body will be', async () => {
      await drive().put('/file', '0123456789')
      const opened = await drive().backend.read(at('/file'), { start: 2, end: 5 }, drive().call)
      expect(opened.attributes).toEqual(await drive().stat('/file'))
      expect(opened.length).toBe(4)
      expect((await collect(opened.body)).toString()).toBe('2345')
    })

    it.each([
      { range: { start: 0, end: 0 }, expected: '0' },
      { range: { start: 9, end: 9 }, expected: '9' },
      { range: { start: 3, end: 6 }, expected: '3456' },
      { range: { start: 0, end: 9 }, expected: '0123456789' },
      { range: { start: 7, end: 10 }, expected: '789' },
      { range: { start: 7, end: Number.MAX_SAFE_INTEGER }, expected: '789' },
      { range: { start: 10, end: 10 }, expected: '' },
      { range: { start: 10, end: 99 }, expected: '' },
      { range: { start: 1_000, end: 2_000 }, expected: '' },
    ])('gives "$expected" of ten digits for $range.start to $range.end', async ({ range, expected }) => {
      await drive().put('/digits', '0123456789')
      expect((await drive().get('/digits', range)).toString()).toBe(expected)
    })

    it.each([
      { start: 0, end: mebibyte - 1 },
      { start: 1, end: mebibyte },
      { start: mebibyte - 1, end: mebibyte },
      { start: 777, end: 3 * mebibyte + 776 },
      { start: 2 * mebibyte + 1, end: 5 * mebibyte },
    ])('gives exact bytes of a large file from $start to $end', async (range) => {
      const content = patterned(4 * mebibyte)
      await drive().put('/large', content)
      const expected = content.subarray(range.start, range.end + 1)
      expect((await drive().get('/large', range)).equals(expected)).toBe(true)
    })

    it('gives an empty body for any range of an empty file', async () => {
      await drive().put('/empty')
      expect(await drive().get('/empty', { start: 0, end: 0 })).toHaveLength(0)
    })

    it.each(['/', '/directory'])('refuses %s, a directory', async (path) => {
      await drive().makeDirectory('/directory')
      expect(await codeOf(drive().get(path))).toBe('is-a-directory')
    })

    it('goes on with the content it began with when the file is replaced meanwhile', async () => {
      const old = patterned(5 * mebibyte, 1)
      await drive().put('/file', old)
      const { body } = await drive().backend.read(at('/file'), undefined, drive().call)
      const chunks: Buffer[] = []
      for await (const chunk of body) {
        if (chunks.length === 0) await drive().put('/file', patterned(5 * mebibyte, 2))
        chunks.push(Buffer.from(chunk))
      }
      expect(Buffer.concat(chunks).equals(old)).toBe(true)
    })

    it('serves readers of one file at their own pace', async () => {
      const content = patterned(6 * mebibyte)
      await drive().put('/shared', content)
      const read = await Promise.all(
        [0, 1, 2, 3].map((index) => drive().get('/shared', { start: index, end: 6 * mebibyte })),
      )
      read.forEach((bytes, index) => expect(bytes.equals(content.subarray(index))).toBe(true))
    })

    it('ends the body when its consumer has enough', async () => {
      await drive().put('/file', patterned(8 * mebibyte))
      const opened = await drive().backend.read(at('/file'), undefined, drive().call)
      for await (const _chunk of opened.body) break
      const after = await opened.body[Symbol.asyncIterator]().next()
      expect(after.done).toBe(true)
      await opened.close()
    })

    it('may be given back unread, half read, read to the end, and twice', async () => {
      await drive().put('/file', patterned(4 * mebibyte))
      const unread = await drive().backend.read(at('/file'), undefined, drive().call)
      await unread.close()
      await unread.close()
      expect(await collect(unread.body)).toHaveLength(0)

      const halfRead = await drive().backend.read(at('/file'), undefined, drive().call)
      await halfRead.body[Symbol.asyncIterator]().next()
      await halfRead.close()

      const finished = await drive().backend.read(at('/file'), undefined, drive().call)
      await collect(finished.body)
      await finished.close()
    })
  })
}
