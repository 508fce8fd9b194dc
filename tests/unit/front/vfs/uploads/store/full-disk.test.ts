import { mkdirSync, readdirSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Chunks } from '../../../../../../src-main/front/vfs/backend.ts'
import type { UploadStore } from '../../../../../../src-main/front/vfs/uploads/upload-store.ts'
import { FakeClock } from '../../../../../fakes/fake-clock.ts'
import { needs } from '../../../../../harness/needs.ts'
import { makeTempDir, type TempDir } from '../../../../../harness/temp-dir.ts'
import { mountTmpfs, type Tmpfs } from '../../../../../harness/tmpfs.ts'
import { chunksOf, contentsOf, openStore, put, reopen } from './stores.ts'

const mebibyte = 1024 ** 2

let temp: TempDir
beforeEach(async () => {
  temp = await makeTempDir('uploads')
})
afterEach(() => temp[Symbol.asyncDispose]())

/** Counts the chunks that were asked for. */
class CountedBody {
  asked = 0

  async *chunks(count: number, bytes: number): Chunks {
    for (; this.asked < count; this.asked += 1) yield* chunksOf(Buffer.alloc(bytes, 'x'))
  }
}

describe('the room for uploads', () => {
  it('ends where the queue may take no more, before a byte of the body is asked for or in the middle of it', async () => {
    await using store = openStore(temp.dir, { maxBytes: 100 })
    await put(store, '/a', 'x'.repeat(60))
    expect(() => store.checkRoom(40)).not.toThrow()
    expect(() => store.checkRoom(41)).toThrow(
      expect.objectContaining({ code: 'no-space', args: { maxBytes: 100 } }),
    )
    const body = new CountedBody()
    await expect(put(store, '/b', body.chunks(10, 30))).rejects.toMatchObject({ code: 'no-space' })
    expect(body.asked).toBe(1)
    expect(readdirSync(join(temp.dir, 'spool'))).toHaveLength(1)
    await put(store, '/c', 'x'.repeat(40))
    expect(() => store.checkRoom(undefined)).toThrow(expect.objectContaining({ code: 'no-space' }))
    await expect(put(store, '/d', body.chunks(10, 30))).rejects.toMatchObject({ code: 'no-space' })
    expect(body.asked).toBe(1)
  })

  it('is there again when an upload is gone, and counts what a restart finds', async () => {
    const first = openStore(temp.dir, { maxBytes: 100 })
    const { id } = await put(first, '/a', 'x'.repeat(100))
    await first[Symbol.asyncDispose]()
    const second = openStore(temp.dir, { maxBytes: 100 })
    expect(() => second.checkRoom(1)).toThrow(expect.objectContaining({ code: 'no-space' }))
    second.remove([id])
    await second[Symbol.asyncDispose]()
    await using third = openStore(temp.dir, { maxBytes: 100 })
    await put(third, '/b', 'x'.repeat(100))
  })

  it('leaves the last bytes of the disk alone, also between two looks at the disk', async () => {
    const { bavail, bsize } = statfsSync(temp.dir)
    // The disk is asked once only, since this clock stands still.
    const reserveBytes = bavail * bsize - 30 * mebibyte
    await using store = openStore(temp.dir, { reserveBytes, clock: new FakeClock() })
    const body = new CountedBody()
    await expect(put(store, '/b', body.chunks(100, mebibyte))).rejects.toMatchObject({
      code: 'no-space',
      args: { reserveBytes },
    })
    expect(body.asked).toBeLessThan(60)
    expect([readdirSync(join(temp.dir, 'spool')), store.spooledBytes]).toEqual([[], 0])
  })
})

needs('tmpfs')('uploads on a disk', () => {
  let disk: Tmpfs
  let stateDir: string
  let store: UploadStore
  beforeEach(() => {
    stateDir = join(temp.dir, 'disk')
    mkdirSync(stateDir)
    disk = mountTmpfs(stateDir, '8m')
    store = openStore(stateDir)
  })
  afterEach(async () => {
    await store[Symbol.asyncDispose]()
    disk[Symbol.dispose]()
  })

  const spooled = (): readonly string[] => readdirSync(join(stateDir, 'spool'))

  async function restart(): Promise<void> {
    await store[Symbol.asyncDispose]()
    store = openStore(stateDir)
  }

  it('that is full are refused with no-space, and leave nothing but the others', async () => {
    // As if the disk had been asked long ago: what refuses here is the disk itself.
    await store[Symbol.asyncDispose]()
    store = openStore(stateDir, { clock: new FakeClock() })
    await put(store, '/a', 'safe')
    writeFileSync(join(stateDir, 'filler'), Buffer.alloc(6 * mebibyte))
    const body = new CountedBody()
    await expect(put(store, '/big', body.chunks(5, mebibyte))).rejects.toMatchObject({ code: 'no-space' })
    expect([spooled().length, store.spooledBytes]).toEqual([1, 4])
    await put(store, '/small', 'fits')
    await restart()
    expect(await contentsOf(store)).toEqual([
      ['/a', 'safe'],
      ['/small', 'fits'],
    ])
  })

  it('that has no room left for the record are refused with no-space, and leave nothing', async () => {
    await store[Symbol.asyncDispose]()
    store = openStore(stateDir, { clock: new FakeClock() })
    await put(store, '/a', 'safe')
    const codes: unknown[] = []
    for (let filled = 0; filled < 8 * mebibyte; filled += 4_096) {
      try {
        writeFileSync(join(stateDir, `filler-${filled}`), Buffer.alloc(4_096))
      } catch {
        break
      }
    }
    for (let index = 0; index < 20; index += 1) {
      await put(store, `/b-${index}`, 'x'.repeat(100)).catch((error: unknown) => codes.push(error))
    }
    expect(codes).not.toEqual([])
    for (const error of codes) expect(error).toMatchObject({ code: 'no-space' })
    const contents = await contentsOf(store)
    await restart()
    expect(await contentsOf(store)).toEqual(contents)
    expect(spooled()).toHaveLength(contents.length)
    expect(contents[0]).toEqual(['/a', 'safe'])
  })

  it('that cannot hold the records do not open the store', async () => {
    await store[Symbol.asyncDispose]()
    const otherDir = join(stateDir, 'other')
    writeFileSync(join(stateDir, 'filler'), '')
    expect(() => {
      for (;;) writeFileSync(join(stateDir, 'filler'), Buffer.alloc(4_096), { flag: 'a' })
    }).toThrow()
    expect(() => openStore(otherDir)).toThrow(expect.objectContaining({ code: 'no-space' }))
    store = openStore(join(temp.dir, 'elsewhere'))
  })
})

needs('tmpfs')('uploads in a spool', () => {
  it('that is read-only are refused with its name, can be read, and are delivered and forgotten', async () => {
    const spoolDir = join(temp.dir, 'spool')
    mkdirSync(spoolDir)
    using disk = mountTmpfs(spoolDir, '8m')
    const store = openStore(temp.dir)
    const { id } = await put(store, '/a', 'safe')
    await put(store, '/b', 'safe, too')
    disk.makeReadOnly()
    await expect(put(store, '/c', 'refused')).rejects.toMatchObject({
      code: 'state-dir-unusable',
      args: { path: temp.dir, reason: 'the disk is read-only' },
    })
    expect(await contentsOf(store)).toEqual([
      ['/a', 'safe'],
      ['/b', 'safe, too'],
    ])
    store.remove([id])
    await store[Symbol.asyncDispose]()
    const again = reopen(temp.dir)
    expect(await contentsOf(again.store)).toEqual([['/b', 'safe, too']])
    await again.store[Symbol.asyncDispose]()
  })
})
