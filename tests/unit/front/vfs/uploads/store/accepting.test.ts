import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Chunks } from '../../../../../../src-main/front/vfs/backend.ts'
import type {
  DurableStep,
  ReceivedBody,
  UploadStore,
} from '../../../../../../src-main/front/vfs/uploads/upload-store.ts'
import { AppError } from '../../../../../../src-main/shared/errors.ts'
import { makeTempDir, type TempDir } from '../../../../../harness/temp-dir.ts'
import { waitFor } from '../../../../../harness/wait-for.ts'
import { bytesOf, chunksOf, contentsOf, neverAborted, openStore, put, recordOf, textOf } from './stores.ts'

let temp: TempDir
let store: UploadStore
let steps: DurableStep[]
beforeEach(async () => {
  temp = await makeTempDir('uploads')
  steps = []
  store = openStore(temp.dir, { onStep: (step) => steps.push(step) })
})
afterEach(async () => {
  await store[Symbol.asyncDispose]()
  await temp[Symbol.asyncDispose]()
})

const spooled = (): string[] => readdirSync(join(temp.dir, 'spool')).toSorted()

async function restart(): Promise<void> {
  await store[Symbol.asyncDispose]()
  store = openStore(temp.dir)
}

/** As `put`, up to where it becomes an upload. */
function receive(text: string, path: string): Promise<ReceivedBody> {
  return store.receive(chunksOf(text), (id, size) => recordOf(id, path, size), neverAborted)
}

async function* failingAfter(text: string, error: Error): Chunks {
  yield* chunksOf(text)
  throw error
}

describe('an accepted upload', () => {
  it('is there with its record and its content, also after a restart', async () => {
    const record = await put(store, '/notes.txt', 'some text')
    expect(record).toEqual(recordOf(record.id, '/notes.txt', 9))
    await restart()
    expect(store.load()).toEqual([record])
    expect(await textOf(store, record.id)).toBe('some text')
    expect(store.spooledBytes).toBe(9)
  })

  it.each([0, 1, 4_096, 65_536, 65_537, 1024 ** 2, 3 * 1024 ** 2 + 5])('may have %d bytes', async (size) => {
    const body = Buffer.alloc(size, 'pattern')
    const pieces = Array.from({ length: Math.ceil(size / 50_000) }, (_, i) =>
      body.subarray(i * 50_000, (i + 1) * 50_000),
    )
    const { id } = await put(store, '/file', chunksOf(...pieces))
    const opened = await store.read(id, undefined, neverAborted)
    expect(opened.length).toBe(size)
    expect(body.equals(await bytesOf(opened.body))).toBe(true)
  })

  it('is kept where only its user can get at it', async () => {
    const { id } = await put(store, '/secret', 'body')
    const modeOf = (...names: string[]): string =>
      (statSync(join(temp.dir, ...names)).mode & 0o777).toString(8)
    expect(modeOf('spool')).toBe('700')
    expect(modeOf('spool', String(id))).toBe('600')
    expect(modeOf('uploads.sqlite')).toBe('600')
  })

  it('passes the steps of its way in their order', async () => {
    const first = await put(store, '/a', 'one')
    expect(steps).toEqual(['spool-written', 'spool-synced', 'record-committed'])
    steps.length = 0
    store.addIntent({ from: first.path, to: first.path })
    store.update([first], { from: first.path, to: first.path })
    store.deliver([first.id], { path: first.path, backend: first.promised, promised: first.promised })
    expect(steps).toEqual(['intent-committed', 'retarget-committed', 'delivery-committed'])
    await waitFor(() => steps.includes('spool-removed'), { what: 'the body to be removed' })
  })

  it('takes the place of those it supersedes, and of their bodies', async () => {
    const first = await put(store, '/a', 'one')
    const second = await put(store, '/a', 'two', { supersedes: [first.id] })
    expect(store.load()).toEqual([second])
    await waitFor(() => !spooled().includes(String(first.id)), { what: 'the body to be removed' })
    await restart()
    expect(await contentsOf(store)).toEqual([['/a', 'two']])
    expect(store.spooledBytes).toBe(3)
  })

  it('never gets an id that another one had, also when all are gone', async () => {
    const first = await put(store, '/a', 'one')
    store.remove([first.id])
    await restart()
    expect((await put(store, '/a', 'two')).id).toBeGreaterThan(first.id)
  })
})

describe('uploads accepted at once', () => {
  it('to different paths are all there', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `/file-${i}`)
    const records = await Promise.all(names.map((name) => put(store, name, `body of ${name}`)))
    await restart()
    expect(new Set(store.load())).toEqual(new Set(records))
    for (const { id, path } of records) expect(await textOf(store, id)).toBe(`body of ${path}`)
  })

  it('keep the order in which they were committed, whichever began first', async () => {
    const gate = Promise.withResolvers<undefined>()
    const slow = put(
      store,
      '/slow',
      (async function* () {
        yield* chunksOf('begun first, ')
        await gate.promise
        yield* chunksOf('ended last')
      })(),
    )
    await put(store, '/quick', 'quick')
    gate.resolve(undefined)
    await slow
    await restart()
    expect(await contentsOf(store)).toEqual([
      ['/quick', 'quick'],
      ['/slow', 'begun first, ended last'],
    ])
  })

  it('are asked what they supersede when they are committed, so that the last one wins', async () => {
    const accepted: number[] = []
    const save = async (text: string): Promise<void> => {
      const { id, size } = await receive(text, '/same')
      await store.accept(recordOf(id, '/same', size), () => [...accepted], neverAborted)
      accepted.push(id)
    }
    for (let round = 0; round < 5; round += 1) await save(`round ${round}`)
    expect(await contentsOf(store)).toEqual([['/same', 'round 4']])
  })
})

describe('a body that was received', () => {
  it('is no upload, but can be read, and takes up room', async () => {
    const { id, size } = await receive('some text', '/a')
    expect([size, store.load(), store.spooledBytes]).toEqual([9, [], 9])
    expect(await textOf(store, id)).toBe('some text')
  })

  it('is gone when it is discarded, and after a restart', async () => {
    await store.discard((await receive('discarded', '/a')).id)
    expect([spooled(), store.spooledBytes]).toEqual([[], 0])
    await receive('left', '/a')
    expect(spooled()).toHaveLength(1)
    await restart()
    expect([spooled(), store.load(), store.spooledBytes]).toEqual([[], [], 0])
  })

  it('is kept by whoever has accepted it', async () => {
    const { id } = await put(store, '/a', 'some text')
    await store.discard(id)
    expect(await textOf(store, id)).toBe('some text')
  })
})

describe('an upload that is not accepted', () => {
  it.each<[string, Error, string]>([
    ['breaks off', new Error('connection reset'), 'body-incomplete'],
    ['is refused by its own source', new AppError('file-too-large'), 'file-too-large'],
  ])('because it %s leaves nothing', async (_why, error, code) => {
    await expect(put(store, '/a', failingAfter('some of it', error))).rejects.toMatchObject({ code })
    expect([spooled(), store.load(), store.spooledBytes]).toEqual([[], [], 0])
  })

  it('because its client gave up in the middle leaves nothing, even when its body hangs', async () => {
    const controller = new AbortController()
    const hanging = (async function* () {
      yield* chunksOf('some of it')
      controller.abort()
      await new Promise(() => undefined)
    })()
    await expect(put(store, '/a', hanging, { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect([spooled(), store.load(), store.spooledBytes]).toEqual([[], [], 0])
  })

  it('because its client gave up while it was being synced leaves nothing', async () => {
    const controller = new AbortController()
    await store[Symbol.asyncDispose]()
    store = openStore(temp.dir, { onStep: (step) => step === 'spool-synced' && controller.abort() })
    await expect(put(store, '/a', 'all of it', { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect([spooled(), store.load(), store.spooledBytes]).toEqual([[], [], 0])
  })

  it('takes none of those along that were committed together with it', async () => {
    const { id, size } = await receive('bad', '/bad')
    const failing = store.accept(
      recordOf(id, '/bad', size),
      () => {
        throw new AppError('cancelled')
      },
      neverAborted,
    )
    const others = ['/a', '/b', '/c'].map((path) => put(store, path, path))
    await expect(failing).rejects.toMatchObject({ code: 'cancelled' })
    await Promise.all(others)
    expect((await contentsOf(store)).toSorted()).toEqual(['/a', '/b', '/c'].map((path) => [path, path]))
    expect(spooled()).toHaveLength(3)
  })
})
