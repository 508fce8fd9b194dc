import { describe, expect, it } from 'vitest'

import type { Call, Chunks } from '../../../src-main/front/vfs/backend.ts'
import { at, bodyOf, codeOf, patterned, useDrive, type Drive, type MakeBackend } from './subject.ts'

const mebibyte = 1024 * 1024

const operations: readonly (readonly [string, (drive: Drive, call: Call) => Promise<unknown>])[] = [
  ['list', ({ backend }, call) => backend.list(at('/'), call)],
  ['stat', ({ backend }, call) => backend.stat(at('/file'), call)],
  ['read', ({ backend }, call) => backend.read(at('/file'), undefined, call)],
  ['write', ({ backend }, call) => backend.write(at('/file'), bodyOf('new'), call)],
  ['makeDirectory', ({ backend }, call) => backend.makeDirectory(at('/new'), call)],
  ['move', ({ backend }, call) => backend.move(at('/file'), at('/moved'), call)],
  ['remove', ({ backend }, call) => backend.remove(at('/file'), call)],
  ['statfs', ({ backend }, call) => backend.statfs(call)],
]

/** Aborts after `turns` turns of the event loop, so that a series of them hits an operation at each of its steps. */
function abortAfter(turns: number): AbortSignal {
  const abort = new AbortController()
  const countDown = (left: number): void => {
    if (left === 0) abort.abort()
    else setImmediate(countDown, left - 1)
  }
  countDown(turns)
  return abort.signal
}

export function describeCancellation(
  makeBackend: MakeBackend,
  { entries, moments }: { readonly entries: number; readonly moments: number },
): void {
  const turnsTried = Array.from({ length: moments }, (_, turns) => turns)

  describe('an aborted signal', () => {
    const drive = useDrive(makeBackend)

    it.each(operations)('keeps %s from beginning', async (_name, operate) => {
      await drive().put('/file', 'old')
      expect(await codeOf(operate(drive(), { signal: AbortSignal.abort() }))).toBe('cancelled')
      expect(await drive().names('/')).toEqual(['file'])
      expect(await drive().getText('/file')).toBe('old')
    })

    it('ends a write that waits for its body, and the body with it', async () => {
      await drive().put('/file', 'old')
      const abort = new AbortController()
      let isReturned = false
      const body: AsyncIterableIterator<Uint8Array> = {
        [Symbol.asyncIterator]: () => body,
        next: () => {
          abort.abort()
          return new Promise(() => undefined)
        },
        return: () => {
          isReturned = true
          return Promise.resolve({ done: true, value: undefined })
        },
      }
      expect(await codeOf(drive().backend.write(at('/file'), body, abort))).toBe('cancelled')
      expect(isReturned).toBe(true)
      expect(await drive().getText('/file')).toBe('old')
      expect(await drive().names('/')).toEqual(['file'])
    })

    it('ends a write between two chunks', async () => {
      await drive().put('/file', 'old')
      const abort = new AbortController()
      async function* body(): Chunks {
        for (let index = 0; ; index++) {
          if (index === 30) abort.abort()
          yield await Promise.resolve(patterned(65_536))
        }
      }
      expect(await codeOf(drive().backend.write(at('/file'), body(), abort))).toBe('cancelled')
      expect(await drive().getText('/file')).toBe('old')
      expect(await drive().names('/')).toEqual(['file'])
    })

    it('ends a write whose body is complete but not yet in place', async () => {
      await drive().put('/file', 'old')
      const abort = new AbortController()
      async function* body(): Chunks {
        yield await Promise.resolve(Buffer.from('new'))
        abort.abort()
      }
      expect(await codeOf(drive().backend.write(at('/file'), body(), abort))).toBe('cancelled')
      expect(await drive().getText('/file')).toBe('old')
      expect(await drive().names('/')).toEqual(['file'])
    })

    it('leaves a write either done or without a trace, whenever it comes', async () => {
      const chunks = Array.from({ length: 3 }, () => patterned(mebibyte / 2))
      const outcomes = new Set<string>()
      for (const turns of turnsTried) {
        await drive().put('/file', 'old')
        const outcome = await drive()
          .backend.write(at('/file'), bodyOf(...chunks), { signal: abortAfter(turns) })
          .then(
            () => 'written',
            (error: unknown) => error,
          )
        // Looked at in the very turn of the answer: nothing of the write may still be going on.
        const { size } = await drive().stat('/file')
        if (outcome === 'written') expect(size).toBe(1.5 * mebibyte)
        else {
          expect(outcome).toMatchObject({ code: 'cancelled' })
          expect(size).toBe(3)
        }
        expect(await drive().names('/')).toEqual(['file'])
        outcomes.add(outcome === 'written' ? 'written' : 'cancelled')
      }
      expect(outcomes).toContain('cancelled')
    })

    it('leaves a move either done or not begun, whenever it comes', async () => {
      for (const turns of turnsTried.slice(0, Math.ceil(moments / 3))) {
        await drive().put('/from', 'content')
        const outcome = await drive()
          .backend.move(at('/from'), at('/to'), { signal: abortAfter(turns) })
          .then(
            () => 'moved',
            (error: unknown) => error,
          )
        if (outcome !== 'moved') expect(outcome).toMatchObject({ code: 'cancelled' })
        expect(await drive().names('/')).toEqual([outcome === 'moved' ? 'to' : 'from'])
        await drive().remove(outcome === 'moved' ? '/to' : '/from')
      }
    })

    it('stops a removal: what is left when it is answered stays', async () => {
      await drive().makeDirectory('/tree')
      await Promise.all(Array.from({ length: entries / 2 }, (_, index) => drive().put(`/tree/${index}`)))
      const outcome = await drive()
        .backend.remove(at('/tree'), { signal: abortAfter(5) })
        .then(
          () => 'removed',
          (error: unknown) => error,
        )
      if (outcome === 'removed') {
        expect(await drive().names('/')).toEqual([])
        return
      }
      expect(outcome).toMatchObject({ code: 'cancelled' })
      const left = await drive().names('/tree')
      await drive().put('/later')
      expect(await drive().names('/tree')).toEqual(left)
    })

    it('ends a body that is being read, and that nobody reads', async () => {
      await drive().put('/file', patterned(5 * mebibyte))
      const abort = new AbortController()
      const reading = await drive().backend.read(at('/file'), undefined, abort)
      const unread = await drive().backend.read(at('/file'), undefined, abort)
      const chunks = reading.body[Symbol.asyncIterator]()
      expect((await chunks.next()).done).toBe(false)
      abort.abort()
      expect(await codeOf(chunks.next())).toBe('cancelled')
      expect(await codeOf(unread.body[Symbol.asyncIterator]().next())).toBe('cancelled')
      await Promise.all([reading.close(), unread.close()])
    })

    it('rejects a chunk that is being waited for', async () => {
      await drive().put('/file', patterned(5 * mebibyte))
      const abort = new AbortController()
      const opened = await drive().backend.read(at('/file'), undefined, abort)
      const waiting = opened.body[Symbol.asyncIterator]().next()
      abort.abort()
      expect(await codeOf(waiting)).toBe('cancelled')
      await opened.close()
    })

    it('comes too late for what is done already', async () => {
      const abort = new AbortController()
      await drive().backend.write(at('/file'), bodyOf('content'), abort)
      const { body } = await drive().backend.read(at('/file'), undefined, abort)
      for await (const _chunk of body) continue
      abort.abort()
      expect(await drive().getText('/file')).toBe('content')
    })
  })
}
