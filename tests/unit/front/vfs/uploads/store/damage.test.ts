import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { parsePath } from '../../../../../../src-main/front/vfs/path.ts'
import { seededRandom } from '../../../../../fakes/seeded-random.ts'
import { makeTempDir, type TempDir } from '../../../../../harness/temp-dir.ts'
import { contentsOf, neverAborted, openStore, put, reopen, textOf } from './stores.ts'

const saves = [
  ['/a', 'content of a'],
  ['/b/ü', ''],
  ['/c', 'content of c, a longer one'.repeat(400)],
] as const

let temp: TempDir
/** As a kill leaves it: what was committed is in the log. */
let killedDir: string
/** As a clean end leaves it: all is in the database file. */
let closedDir: string
beforeEach(async () => {
  temp = await makeTempDir('uploads')
  closedDir = join(temp.dir, 'closed')
  killedDir = join(temp.dir, 'killed')
  const store = openStore(closedDir)
  for (const [path, content] of saves) await put(store, path, content)
  cpSync(closedDir, killedDir, { recursive: true })
  await store[Symbol.asyncDispose]()
})
afterEach(() => temp[Symbol.asyncDispose]())

const isAside = (dir: string): boolean => readdirSync(dir).some((name) => name.includes('.sqlite.broken-'))
const databaseIn = (dir: string): string => join(dir, 'uploads.sqlite')

function numbersBelow(seed: number): (end: number) => number {
  const random = seededRandom(seed)
  return (end) => Math.floor(random() * end)
}

function flipBit(path: string, byte: number, bit: number): void {
  const bytes = readFileSync(path)
  bytes[byte]! ^= 1 << bit
  writeFileSync(path, bytes)
}

/** As a kill leaves it in the middle of writing to it. */
function cutLog(dir: string, bytes: number): void {
  const logPath = `${databaseIn(dir)}-wal`
  truncateSync(logPath, statSync(logPath).size - bytes)
}

function execute(dir: string, sql: string): void {
  const database = new DatabaseSync(databaseIn(dir))
  database.exec(sql)
  database.close()
}

describe('a store whose database', () => {
  it.each<[string, (path: string) => void]>([
    ['is garbage', (path) => writeFileSync(path, 'no database at all'.repeat(500))],
    ['ends too early', (path) => truncateSync(path, 5_000)],
    ['is of a newer Mountbar', () => execute(closedDir, 'PRAGMA user_version = 2')],
    ['has lost a table', () => execute(closedDir, 'DROP TABLE upload')],
    ['has other tables', () => execute(closedDir, 'ALTER TABLE intent RENAME TO intend')],
  ])('%s sets it aside and rebuilds all uploads from the spool', async (_what, damage) => {
    damage(databaseIn(closedDir))
    const { store, recoveries } = reopen(closedDir)
    expect(recoveries).toMatchObject([{ uploads: saves.length, unreadable: 0 }])
    expect(existsSync(recoveries[0]!.brokenPath!)).toBe(true)
    expect(await contentsOf(store)).toEqual(saves)
    for (const { attention, attempted, path } of store.load()) {
      expect({ attention, attempted }).toEqual({
        attention: { code: 'upload-recovered', args: { path } },
        attempted: true,
      })
    }
    await store[Symbol.asyncDispose]()
  })

  it('is gone rebuilds all uploads from the spool, too', async () => {
    rmSync(databaseIn(closedDir))
    const { store, recoveries } = reopen(closedDir)
    expect(recoveries).toMatchObject([{ brokenPath: undefined, uploads: saves.length, unreadable: 0 }])
    expect(await contentsOf(store)).toEqual(saves)
    await store[Symbol.asyncDispose]()
  })

  it('was rebuilt is trusted at the next start, and gives out no id again', async () => {
    writeFileSync(databaseIn(closedDir), 'no database at all'.repeat(500))
    const rebuilt = reopen(closedDir)
    const recovered = rebuilt.store.load()
    const { id } = await put(rebuilt.store, '/new', 'new')
    expect(id).toBeGreaterThan(Math.max(...recovered.map((record) => record.id)))
    await rebuilt.store[Symbol.asyncDispose]()
    const { store, recoveries } = reopen(closedDir)
    expect(recoveries).toEqual([])
    expect(store.load().slice(0, -1)).toEqual(recovered)
    await store[Symbol.asyncDispose]()
  })

  it('has one damaged row rebuilds that upload only', async () => {
    execute(closedDir, `UPDATE upload SET entry = replace(entry, '/c', '/d') WHERE entry LIKE '%"/c"%'`)
    const { store, recoveries } = reopen(closedDir)
    expect(recoveries).toMatchObject([{ brokenPath: undefined, uploads: 1, unreadable: 0 }])
    expect(await contentsOf(store)).toEqual(saves)
    expect(store.load().map(({ attention }) => attention?.code)).toEqual([
      undefined,
      undefined,
      'upload-recovered',
    ])
    expect(isAside(closedDir)).toBe(false)
    await store[Symbol.asyncDispose]()
  })

  it('lost its last commits without a word rebuilds the uploads of those', async () => {
    const logPath = `${databaseIn(killedDir)}-wal`
    flipBit(logPath, readFileSync(logPath).length - 100, 3)
    const { store, recoveries } = reopen(killedDir)
    expect(recoveries).toMatchObject([{ brokenPath: undefined, uploads: 1 }])
    expect(await contentsOf(store)).toEqual(saves)
    await store[Symbol.asyncDispose]()
  })

  it('was killed within the last frame of a commit lacks nothing: nobody was answered for that', async () => {
    cutLog(killedDir, 100)
    const { store, recoveries } = reopen(killedDir)
    expect(recoveries).toEqual([])
    expect(await contentsOf(store)).toEqual(saves.slice(0, -1))

    // The same in a later life, whose log must not lie over the frames of an earlier one.
    await put(store, '/d', 'not answered for either')
    const killedAgainDir = join(temp.dir, 'killed-again')
    cpSync(killedDir, killedAgainDir, { recursive: true })
    await store[Symbol.asyncDispose]()
    cutLog(killedAgainDir, 100)
    const again = reopen(killedAgainDir)
    expect(again.recoveries).toEqual([])
    expect(await contentsOf(again.store)).toEqual(saves.slice(0, -1))
    await again.store[Symbol.asyncDispose]()
  })

  it('is damaged keeps bodies that nobody can make sense of', async () => {
    writeFileSync(databaseIn(closedDir), 'no database at all'.repeat(500))
    truncateSync(join(closedDir, 'spool', '3'), 1_000)
    const { store, recoveries } = reopen(closedDir)
    expect(recoveries).toMatchObject([{ uploads: 2, unreadable: 1 }])
    expect(readdirSync(recoveries[0]!.unreadableDir)).toEqual(['3'])
    expect(await contentsOf(store)).toEqual(saves.slice(0, 2))
    await store[Symbol.asyncDispose]()
  })
})

describe('rescued uploads', () => {
  it('that were accepted for one path, and may be different files, get paths of their own', async () => {
    const dir = join(temp.dir, 'renamed')
    const before = openStore(dir)
    for (const name of ['/one.txt', '/two.txt', '/.save.tmp']) {
      const record = await put(before, '/.save.tmp', `content of ${name}`)
      before.update([{ ...record, path: parsePath(name) }])
    }
    await before[Symbol.asyncDispose]()
    rmSync(databaseIn(dir))
    const { store } = reopen(dir)
    expect(await contentsOf(store)).toEqual([
      ['/.save (recovered 1).tmp', 'content of /one.txt'],
      ['/.save (recovered 2).tmp', 'content of /two.txt'],
      ['/.save.tmp', 'content of /.save.tmp'],
    ])
    expect(store.load().map(({ attention }) => attention?.args['path'])).toEqual(Array(3).fill('/.save.tmp'))
    await store[Symbol.asyncDispose]()
  })
})

describe('one flipped bit', { timeout: 60_000 }, () => {
  it.each(['uploads.sqlite', 'uploads.sqlite-wal'])('anywhere in %s loses no content', async (name) => {
    const below = numbersBelow(20_260_101)
    const sourceDir = name.endsWith('-wal') ? killedDir : closedDir
    const bytes = readFileSync(join(sourceDir, name))
    // Most of a small database is empty pages, where a flip hits nothing.
    const occupied = Array.from(bytes.keys()).filter((index) => bytes[index] !== 0)
    for (let round = 0; round < 100; round += 1) {
      const [byte, bit] = [occupied[below(occupied.length)]!, below(8)]
      const dir = join(temp.dir, `flipped-${round}`)
      cpSync(sourceDir, dir, { recursive: true })
      flipBit(join(dir, name), byte, bit)
      const { store } = reopen(dir)
      expect((await contentsOf(store)).toSorted(), `bit ${bit} of byte ${byte}`).toEqual(saves.toSorted())
      await store[Symbol.asyncDispose]()
      rmSync(dir, { recursive: true })
    }
  })

  it('anywhere in a body is noticed before the last byte is handed out', async () => {
    const below = numbersBelow(7)
    const content = saves[2][1]
    for (let round = 0; round < 40; round += 1) {
      const dir = join(temp.dir, `flipped-${round}`)
      cpSync(closedDir, dir, { recursive: true })
      flipBit(join(dir, 'spool', '3'), below(content.length), below(8))
      const store = openStore(dir)
      await expect(textOf(store, 3)).rejects.toMatchObject({ code: 'upload-damaged', args: { path: '/c' } })
      await expect(store.exportTo(3, join(dir, 'saved'))).rejects.toMatchObject({ code: 'upload-damaged' })
      expect(existsSync(join(dir, 'saved'))).toBe(false)
      expect(await textOf(store, 1)).toBe(saves[0][1])
      await store[Symbol.asyncDispose]()
    }
  })
})

describe('an upload whose body', () => {
  it.each<[string, (path: string) => void]>([
    ['is gone', (path) => rmSync(path)],
    ['is too short', (path) => truncateSync(path, 3)],
    ['is too long', (path) => writeFileSync(path, 'more', { flag: 'a' })],
  ])('%s needs attention, is kept, and leaves the others alone', async (_what, damage) => {
    damage(join(closedDir, 'spool', '1'))
    const { store, recoveries } = reopen(closedDir)
    expect(recoveries).toEqual([])
    const [first, ...others] = store.load()
    expect(first).toMatchObject({ path: '/a', attention: { code: 'upload-damaged', args: { path: '/a' } } })
    await expect(store.read(1, undefined, neverAborted)).rejects.toMatchObject({ code: 'upload-damaged' })
    expect(others.map(({ attention }) => attention)).toEqual([undefined, undefined])
    store.remove([1])
    await store[Symbol.asyncDispose]()
    const again = openStore(closedDir)
    expect(await contentsOf(again)).toEqual(saves.slice(1))
    await again[Symbol.asyncDispose]()
  })

  it('comes back needs none any more', async () => {
    const bodyPath = join(closedDir, 'spool', '1')
    const body = readFileSync(bodyPath)
    rmSync(bodyPath)
    await openStore(closedDir)[Symbol.asyncDispose]()
    writeFileSync(bodyPath, body)
    const store = openStore(closedDir)
    expect(store.load().map(({ attention }) => attention)).toEqual([undefined, undefined, undefined])
    await store[Symbol.asyncDispose]()
  })
})
