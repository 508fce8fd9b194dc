import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { parsePath } from '../../../../../../src-main/front/vfs/path.ts'
import {
  DeliveredRows,
  deliveredSchema,
} from '../../../../../../src-main/front/vfs/uploads/store/delivered-rows.ts'
import type { Delivered, UploadStore } from '../../../../../../src-main/front/vfs/uploads/upload-store.ts'
import type { UploadRecord } from '../../../../../../src-main/front/vfs/uploads/upload.ts'
import { makeTempDir, type TempDir } from '../../../../../harness/temp-dir.ts'
import { waitFor } from '../../../../../harness/wait-for.ts'
import { bytesOf, neverAborted, openStore, put, recordOf, textOf } from './stores.ts'

let temp: TempDir
let stateDir: string
let store: UploadStore
beforeEach(async () => {
  temp = await makeTempDir('uploads')
  stateDir = join(temp.dir, 'state')
  store = openStore(stateDir)
})
afterEach(async () => {
  await store[Symbol.asyncDispose]()
  await temp[Symbol.asyncDispose]()
})

async function restart(): Promise<void> {
  await store[Symbol.asyncDispose]()
  store = openStore(stateDir)
}

describe('records', () => {
  it('can be written anew, many at once, and keep their order', async () => {
    const accepted: UploadRecord[] = []
    for (const path of ['/x/1', '/x/2', '/x/3']) accepted.push(await put(store, path, path))
    const intent = { from: parsePath('/x'), to: parsePath('/y') }
    store.addIntent(intent)
    const retargeted = accepted.map((record) => ({
      ...record,
      path: parsePath(record.path.replace('x', 'y')),
    }))
    store.update(retargeted.toReversed(), intent)
    expect(store.load()).toEqual(retargeted)
    await restart()
    expect(store.load()).toEqual(retargeted)
    expect(store.intents()).toEqual([])
  })

  it('keep what is optional in them', async () => {
    const accepted = await put(store, '/a', 'body')
    const changed: UploadRecord = {
      ...accepted,
      base: accepted.promised,
      attempted: true,
      attempts: 3,
      attention: { code: 'permission-denied', args: { path: '/a' } },
      lastError: { code: 'stalled', args: {} },
    }
    store.update([changed])
    await restart()
    expect(store.load()).toEqual([changed])
  })

  it('of uploads that are gone stay gone', async () => {
    const accepted = await put(store, '/a', 'body')
    store.remove([accepted.id])
    store.update([accepted])
    expect(store.load()).toEqual([])
    await restart()
    expect(store.load()).toEqual([])
  })
})

describe('intents', () => {
  it('are kept in their order until they are done', async () => {
    const [first, second, third] = ['/a', '/b', '/c'].map((from) => ({
      from: parsePath(from),
      to: parsePath(`${from} moved`),
    }))
    for (const intent of [first!, second!, third!]) store.addIntent(intent)
    store.removeIntent({ to: second!.to, from: second!.from })
    await restart()
    expect(store.intents()).toEqual([first, third])
  })
})

describe('what was delivered', () => {
  const deliveredOf = (path: string, fileId: number): Delivered => {
    const { promised } = recordOf(fileId, path, 1)
    return { path: parsePath(path), promised, backend: { ...promised, fileId: fileId + 1_000 } }
  }

  it('is remembered with the removal of its upload, once per path, the newest last', async () => {
    for (const [path, fileId] of [
      ['/a', 1],
      ['/b', 2],
      ['/a', 3],
    ] as const) {
      const { id } = await put(store, path, 'body')
      store.deliver([id], deliveredOf(path, fileId))
    }
    await restart()
    expect(store.load()).toEqual([])
    expect(store.delivered()).toEqual([deliveredOf('/b', 2), deliveredOf('/a', 3)])
  })

  it('is forgotten, the oldest first, when there are more than twenty thousand', () => {
    const database = new DatabaseSync(':memory:')
    database.exec(deliveredSchema)
    const rows = new DeliveredRows(database)
    for (let index = 1; index <= 20_003; index += 1) rows.insert(deliveredOf(`/${index}`, index))
    const paths = rows.readAll().map(({ path }) => path)
    expect([paths.length, paths[0], paths.at(-1)]).toEqual([20_000, '/4', '/20003'])
    database.close()
  })
})

describe('a body', () => {
  it('can be read in part', async () => {
    const { id } = await put(store, '/a', '0123456789')
    for (const [start, end, expected] of [
      [0, 0, '0'],
      [3, 5, '345'],
      [8, 99, '89'],
      [10, 11, ''],
    ] as const) {
      const { length, body } = await store.read(id, { start, end }, neverAborted)
      expect([length, (await bytesOf(body)).toString()]).toEqual([expected.length, expected])
    }
  })

  it('stays readable to its end when its upload is removed meanwhile, and goes then', async () => {
    const content = Buffer.alloc(5_000_000, 'long')
    const { id } = await put(store, '/a', content)
    const bodyPath = join(stateDir, 'spool', String(id))
    const readers = await Promise.all([1, 2].map(() => store.read(id, undefined, neverAborted)))
    store.remove([id])
    expect(content.equals(await bytesOf(readers[0]!.body))).toBe(true)
    expect([existsSync(bodyPath), store.spooledBytes]).toEqual([true, content.length])
    await readers[1]!.close()
    await waitFor(() => !existsSync(bodyPath), { what: 'the body to be removed' })
    expect(store.spooledBytes).toBe(0)
    await expect(store.read(id, undefined, neverAborted)).rejects.toMatchObject({ code: 'upload-unknown' })
  })

  it('is given back by a reader that is aborted', async () => {
    const { id } = await put(store, '/a', Buffer.alloc(5_000_000))
    const controller = new AbortController()
    const { body } = await store.read(id, undefined, { signal: controller.signal })
    store.remove([id])
    controller.abort()
    await expect(bytesOf(body)).rejects.toMatchObject({ code: 'cancelled' })
    await waitFor(() => readdirSync(join(stateDir, 'spool')).length === 0, {
      what: 'the body to be removed',
    })
  })

  it('is removed with its upload, also when there are hundreds', async () => {
    const ids: number[] = []
    for (let index = 0; index < 300; index += 1) ids.push((await put(store, `/${index}`, 'x')).id)
    store.remove(ids)
    expect(store.load()).toEqual([])
    await restart()
    expect(readdirSync(join(stateDir, 'spool'))).toEqual([])
  })
})

describe('an export', () => {
  it('is a copy of the body alone, and leaves the upload', async () => {
    const { id } = await put(store, '/a', 'the content')
    const destination = join(temp.dir, 'saved')
    await store.exportTo(id, destination)
    expect(readFileSync(destination, 'utf8')).toBe('the content')
    expect(await textOf(store, id)).toBe('the content')
  })

  it.each([
    ['replaces nothing', 'taken', 'already-exists'],
    ['makes no folders', 'missing/file', 'parent-missing'],
    ['does not write below a file', 'taken/file', 'parent-missing'],
    ['does not take the place of a folder', 'folder', 'already-exists'],
  ])('%s', async (_what, name, code) => {
    writeFileSync(join(temp.dir, 'taken'), 'as before')
    mkdirSync(join(temp.dir, 'folder'))
    const { id } = await put(store, '/a', 'the content')
    const destination = join(temp.dir, name)
    await expect(store.exportTo(id, destination)).rejects.toMatchObject({ code, args: { path: destination } })
    expect(readFileSync(join(temp.dir, 'taken'), 'utf8')).toBe('as before')
  })

  it('of an unknown upload is refused', async () => {
    await expect(store.exportTo(99, join(temp.dir, 'saved'))).rejects.toMatchObject({
      code: 'upload-unknown',
      args: { id: 99 },
    })
  })
})

describe('the folder of a store', () => {
  // It waits five seconds for the first one to end, which a front that is started again may need.
  it(
    'is for one at a time, so that none sweeps what another has under way',
    { timeout: 30_000 },
    async () => {
      expect(() => openStore(stateDir)).toThrow(
        expect.objectContaining({
          code: 'busy',
          args: { path: stateDir },
        }),
      )
      const { id } = await put(store, '/a', 'as if nothing had been')
      await restart()
      expect(await textOf(store, id)).toBe('as if nothing had been')
    },
  )
})
