import { describe, expect, it } from 'vitest'

import type { Placed } from '../../../../src-main/front/vfs/vfs.ts'
import { chunksOf } from '../../../fakes/memory-backend.ts'
import { MemoryUploadStore } from '../../../fakes/memory-upload-store.ts'
import { at, call, openVfs, type OpenedVfs } from '../../../harness/open-vfs.ts'

interface SlowWrite {
  readonly placed: Promise<Placed>
  /** Resolves when the body is being read. */
  readonly begun: Promise<undefined>
  /** Lets the rest of the body come. */
  goOn(): void
}

function openQueued(): OpenedVfs {
  return openVfs({ uploads: { store: new MemoryUploadStore(), mode: 'queued', hostName: 'studio' } })
}

/** A client that stands still after the first piece of its body. */
function writeSlowly(opened: OpenedVfs, path: string): SlowWrite {
  const begun = Promise.withResolvers<undefined>()
  const rest = Promise.withResolvers<undefined>()
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* chunksOf('begun, ')
    begun.resolve(undefined)
    await rest.promise
    yield* chunksOf('ended')
  }
  const placed = opened.vfs.write(at(path), body(), call)
  placed.catch(() => undefined)
  return { placed, begun: begun.promise, goOn: () => rest.resolve(undefined) }
}

describe.each(['/d/file', '/d/._file'])('while the body of %s stands still', (path) => {
  it('everybody else goes on with that path, and the last one to end wins', async () => {
    await using opened = openQueued()
    await opened.client.mkdir('/d')
    const slow = writeSlowly(opened, path)
    await slow.begun
    await opened.client.write(path, 'quick')
    expect(await opened.client.read(path)).toBe('quick')
    slow.goOn()
    expect(await slow.placed).toMatchObject({ created: false, node: { size: 12 } })
    expect(await opened.client.read(path)).toBe('begun, ended')
  })

  it('the path can be removed, and is made anew when the body has ended', async () => {
    await using opened = openQueued()
    await opened.client.mkdir('/d')
    await opened.client.write(path, 'before')
    const slow = writeSlowly(opened, path)
    await slow.begun
    await opened.client.remove(path)
    await expect(opened.client.stat(path)).rejects.toMatchObject({ code: 'not-found' })
    slow.goOn()
    expect(await slow.placed).toMatchObject({ created: true })
    expect(await opened.client.read(path)).toBe('begun, ended')
  })

  it('the file can be moved away: the body lands where it was sent to', async () => {
    await using opened = openQueued()
    await opened.client.mkdir('/d')
    await opened.client.write(path, 'before')
    const slow = writeSlowly(opened, path)
    await slow.begun
    await opened.client.move(path, `${path}-moved`)
    slow.goOn()
    await slow.placed
    expect(await opened.client.read(path)).toBe('begun, ended')
    expect(await opened.client.read(`${path}-moved`)).toBe('before')
  })

  it('a directory that is made there is not written over', async () => {
    await using opened = openQueued()
    await opened.client.mkdir('/d')
    const slow = writeSlowly(opened, path)
    await slow.begun
    await opened.client.mkdir(path)
    slow.goOn()
    await expect(slow.placed).rejects.toMatchObject({ code: 'is-a-directory' })
  })

  it('its directory can be removed: there is no place for it then, and nothing of it is left', async () => {
    const store = new MemoryUploadStore()
    await using opened = openVfs({ uploads: { store, mode: 'queued', hostName: 'studio' } })
    await opened.client.mkdir('/d')
    const slow = writeSlowly(opened, path)
    await slow.begun
    await opened.client.remove('/d')
    slow.goOn()
    await expect(slow.placed).rejects.toMatchObject({ code: 'parent-missing' })
    expect(store.spooledBytes).toBe(0)
    expect(await opened.client.names('/')).toEqual([])
  })

  it('its directory can be moved: the body does not go along', async () => {
    await using opened = openQueued()
    await opened.client.mkdir('/d')
    const slow = writeSlowly(opened, path)
    await slow.begun
    await opened.client.move('/d', '/e')
    slow.goOn()
    await expect(slow.placed).rejects.toMatchObject({ code: 'parent-missing' })
    expect(await opened.client.names('/e')).toEqual([])
  })

  it('its directory can be replaced by another, into which it goes', async () => {
    await using opened = openQueued()
    await opened.client.mkdir('/d')
    const slow = writeSlowly(opened, path)
    await slow.begun
    await opened.client.move('/d', '/e')
    await opened.client.mkdir('/d')
    slow.goOn()
    expect(await slow.placed).toMatchObject({ created: true })
    expect(await opened.client.read(path)).toBe('begun, ended')
  })
})

it('a body that breaks off leaves the path to whoever has it', async () => {
  const store = new MemoryUploadStore()
  await using opened = openVfs({ uploads: { store, mode: 'queued', hostName: 'studio' } })
  await opened.client.write('/file', 'before')
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* chunksOf('begun')
    throw new Error('connection lost')
  }
  await expect(opened.vfs.write(at('/file'), broken(), call)).rejects.toThrow('connection lost')
  expect(await opened.client.read('/file')).toBe('before')
})

it('a refusal that is known beforehand comes before the body is asked for', async () => {
  await using opened = openQueued()
  await opened.client.mkdir('/d')
  for (const [path, code] of [
    ['/d', 'is-a-directory'],
    ['/missing/file', 'parent-missing'],
    [`/${'long/'.repeat(250)}name`, 'name-too-long'],
  ] as const) {
    let isAsked = false
    async function* body(): AsyncGenerator<Uint8Array> {
      isAsked = true
      yield* chunksOf('text')
    }
    await expect(opened.vfs.write(at(path), body(), call)).rejects.toMatchObject({ code })
    expect(isAsked).toBe(false)
  }
})
