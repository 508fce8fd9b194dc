import { describe, expect, it } from 'vitest'

import { MemoryUploadStore } from '../../../../fakes/memory-upload-store.ts'
import { at, call, OpenedQueue } from './open-queue.ts'

describe('a save that cannot be', () => {
  it.each([
    ['/', 'is-a-directory'],
    ['/directory', 'is-a-directory'],
    ['/missing/file', 'parent-missing'],
    ['/file/below', 'parent-missing'],
    [`/${'long/'.repeat(300)}name`, 'name-too-long'],
  ])('at %s is refused with %s, its body untouched', async (path, code) => {
    await using opened = new OpenedQueue()
    opened.backend.put('/file', 'text')
    opened.backend.mkdir('/directory')
    await opened.see('/directory')
    let isAsked = false
    async function* body(): AsyncGenerator<Uint8Array> {
      isAsked = true
      yield await Promise.resolve(Buffer.from('text'))
    }
    const saving = opened.queue.backend.write(at(path), body(), call)
    await expect(saving).rejects.toMatchObject({ code })
    expect(isAsked).toBe(false)
    expect(opened.backend.totalCalls).toBeLessThanOrEqual(3)
  })

  it('below a file that is itself on its way is refused without a call', async () => {
    await using opened = new OpenedQueue()
    opened.backend.scriptEveryCall({ before: new Promise(() => undefined) })
    await opened.put('/file', 'text')
    await expect(opened.put('/file/below', 'text')).rejects.toMatchObject({ code: 'parent-missing' })
  })

  it('because the spool is full is refused before its body is read', async () => {
    await using opened = new OpenedQueue({}, new MemoryUploadStore(undefined, { maxBytes: 5 }))
    opened.backend.scriptEveryCall({ before: new Promise(() => undefined) })
    await opened.put('/a', '12345')
    await expect(opened.put('/b', '6')).rejects.toMatchObject({ code: 'no-space' })
  })

  it('because it is too large is refused at the byte that is too many', async () => {
    await using opened = new OpenedQueue({ limits: { fileMaxBytes: 10 } })
    await opened.put('/a', '1234567890')
    await expect(opened.put('/b', '12345678901')).rejects.toMatchObject({ code: 'file-too-large' })
    expect(opened.queue.list().map(({ path }) => path)).not.toContain('/b')
  })

  it('is not told apart while the backend is silent: it is accepted, and gets a folder later', async () => {
    await using opened = new OpenedQueue()
    opened.health.isStalled = true
    await opened.put('/missing/file', 'text')
    opened.health.recover()
    await opened.settle()
    expect(opened.backend.snapshot()).toEqual({ '/missing': null, '/missing/file': 'text' })
  })

  it('costs one look when nobody has looked at the directory', async () => {
    await using opened = new OpenedQueue()
    opened.backend.mkdir('/d')
    await opened.put('/d/file', 'text')
    await opened.settle()
    expect(opened.backend.log).toEqual(['stat /d', 'stat /d/file', 'write /d/file'])
  })
})
