import { describe, expect, it } from 'vitest'

import type { OpenedFile } from '../../../../../src-main/front/vfs/backend.ts'
import { chunksOf } from '../../../../fakes/memory-backend.ts'
import { waitFor } from '../../../../harness/wait-for.ts'
import { at, blockBytes, mebibyte, never, openCache, textFor, textOf } from './open-cache.ts'

const old = textFor(4 * mebibyte, 1)
const replaced = textFor(4 * mebibyte, 2)

/** Takes one chunk, so that the body has begun. */
async function begun(file: OpenedFile): Promise<{ head: string; rest: () => Promise<string> }> {
  const chunks = file.body[Symbol.asyncIterator]()
  const step = await chunks.next()
  const head = step.done === true ? '' : Buffer.from(step.value).toString()
  const body = { [Symbol.asyncIterator]: () => chunks }
  return { head, rest: () => textOf({ body }) }
}

describe('a file that is replaced while it is read', () => {
  it('is read to its end as it was when it was opened', async () => {
    await using opened = openCache()
    opened.memory.put('/file', old)
    const { head, rest } = await begun(await opened.open('/file'))
    opened.memory.put('/file', replaced)
    expect(await opened.get('/file')).toBe(replaced)
    expect(head + (await rest())).toBe(old)
    expect(await opened.get('/file')).toBe(replaced)
  })

  it('is read to its end from the cache as it was', async () => {
    await using opened = openCache()
    opened.memory.put('/file', old)
    await opened.get('/file')
    const { head, rest } = await begun(await opened.open('/file'))
    await opened.backend.write(at('/file'), chunksOf(replaced), never)
    await opened.get('/file')
    expect(head + (await rest())).toBe(old)
  })

  it('is read to its end as it was where only its beginning was cached', async () => {
    await using opened = openCache()
    opened.memory.put('/file', old)
    await opened.get('/file', { start: 0, end: mebibyte })
    await opened.get('/file', { start: 3 * mebibyte, end: 3 * mebibyte + 9 })
    const { head, rest } = await begun(await opened.open('/file'))
    opened.memory.put('/file', replaced)
    expect(head + (await rest())).toBe(old)
  })

  it('is read anew when the change shows while gaps are being opened', async () => {
    await using opened = openCache()
    opened.memory.put('/file', old)
    await opened.get('/file', { start: 0, end: 0 })
    await opened.get('/file', { start: 2 * mebibyte, end: 2 * mebibyte })
    opened.memory.put('/file', replaced)
    expect(await opened.get('/file')).toBe(replaced)
  })

  it('is never joined from before a write by who comes after it', async () => {
    await using opened = openCache()
    opened.memory.put('/file', old)
    const { promise: slow, resolve: answer } = Promise.withResolvers<undefined>()
    opened.memory.script('read', { after: slow })
    const before = opened.get('/file')
    await waitFor(() => opened.memory.calls.read === 1, { what: 'the read', everyMs: 1 })
    await opened.backend.write(at('/file'), chunksOf(replaced), never)
    expect(await opened.get('/file')).toBe(replaced)
    answer(undefined)
    expect(await before).toBe(old)
    expect(await opened.get('/file')).toBe(replaced)
  })

  it('is never joined from before its folder was moved away', async () => {
    await using opened = openCache()
    opened.memory.put('/folder/file', old)
    const { promise: slow, resolve: answer } = Promise.withResolvers<undefined>()
    opened.memory.script('read', { after: slow })
    const before = opened.get('/folder/file')
    await waitFor(() => opened.memory.calls.read === 1, { what: 'the read', everyMs: 1 })
    await opened.backend.move(at('/folder'), at('/elsewhere'), never)
    await expect(opened.get('/folder/file')).rejects.toMatchObject({ code: 'not-found' })
    answer(undefined)
    expect(await before).toBe(old)
    expect(await opened.get('/elsewhere/file')).toBe(old)
  })

  it('fails with busy rather than mix two versions when what was sent cannot be continued', async () => {
    await using opened = openCache()
    opened.memory.put('/file', old)
    opened.faults.inject({
      methods: ['read'],
      times: 1,
      effect: { kind: 'disconnect', afterBytes: 2 * blockBytes, code: 'stalled' },
    })
    const { rest } = await begun(await opened.open('/file'))
    opened.memory.put('/file', replaced)
    await expect(rest()).rejects.toMatchObject({ code: 'busy' })
    expect(await opened.get('/file')).toBe(replaced)
  })

  it('is read past the cache, from one opening, when it changes at every look', async () => {
    await using opened = openCache()
    opened.memory.put('/file', old)
    await opened.get('/file', { start: 0, end: 0 })
    let seed = 10
    const read = opened.memory.read.bind(opened.memory)
    const stat = opened.memory.stat.bind(opened.memory)
    const change = (): void => opened.memory.put('/file', textFor(mebibyte, (seed += 1)))
    opened.memory.read = (path, range, call) => {
      change()
      return read(path, range, call)
    }
    opened.memory.stat = (path, call) => {
      change()
      return stat(path, call)
    }
    const file = await opened.open('/file')
    expect(await textOf(file)).toBe(textFor(mebibyte, seed))
    expect(file.attributes.size).toBe(mebibyte)
  })

  it('with the same size and time is told by its file id', async () => {
    await using opened = openCache()
    opened.memory.put('/file', 'one', 1_000)
    expect(await opened.get('/file')).toBe('one')
    opened.memory.put('/file', 'two', 1_000)
    expect(await opened.get('/file')).toBe('two')
  })
})
