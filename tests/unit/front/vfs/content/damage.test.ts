import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { waitFor } from '../../../../harness/wait-for.ts'
import { blockBytes, mebibyte, openCache, textFor, type OpenedCache } from './open-cache.ts'

const text = textFor(3 * mebibyte + 17)

/** A cache that has been ended with `/file` in it, and where that lies. */
async function openFilled(): Promise<{ opened: OpenedCache; filePath: string }> {
  const opened = openCache()
  opened.memory.put('/file', text)
  await opened.get('/file')
  await opened.quiet()
  await opened.cache[Symbol.asyncDispose]()
  const [name] = dataFiles(opened)
  return { opened, filePath: join(opened.dir, name!) }
}

function dataFiles({ dir }: OpenedCache): string[] {
  return readdirSync(dir).filter((name) => !name.startsWith('index.sqlite'))
}

function flip(filePath: string, position: number): void {
  const bytes = readFileSync(filePath)
  bytes[position] = bytes[position]! ^ 1
  writeFileSync(filePath, bytes)
}

const damages: readonly {
  readonly title: string
  readonly does: (filePath: string) => void
  readonly refetched: readonly number[]
}[] = [
  { title: 'a flipped bit in the first block', does: (path) => flip(path, 5), refetched: [0] },
  {
    title: 'a flipped bit in the middle',
    does: (path) => flip(path, 5 * blockBytes + 1),
    refetched: [5],
  },
  {
    title: 'a flipped bit in the very last byte',
    does: (path) => flip(path, text.length - 1),
    refetched: [12],
  },
  {
    title: 'flipped bits in blocks that lie apart',
    does: (path) => {
      flip(path, 2 * blockBytes)
      flip(path, 9 * blockBytes)
    },
    refetched: [2, 9],
  },
  {
    title: 'a hole where a block was',
    does: (path) => {
      const bytes = readFileSync(path)
      writeFileSync(path, bytes.fill(0, 4 * blockBytes, 5 * blockBytes))
    },
    refetched: [4],
  },
  { title: 'a short file', does: (path) => truncateSync(path, 11 * blockBytes + 7), refetched: [11] },
  { title: 'an empty file', does: (path) => truncateSync(path, 0), refetched: [0] },
  { title: 'no file', does: (path) => unlinkSync(path), refetched: [0] },
  { title: 'noise', does: (path) => writeFileSync(path, randomBytes(text.length)), refetched: [0] },
]

describe('a cached file that is damaged', () => {
  it.each(damages)('by $title is fetched again where it is, unnoticed', async ({ does, refetched }) => {
    const { opened, filePath } = await openFilled()
    await using _opened = opened
    does(filePath)
    opened.reads.length = 0
    await opened.restart()
    expect((await opened.get('/file')) === text).toBe(true)
    expect(opened.reads.map(({ range }) => range!.start / blockBytes)).toEqual(
      expect.arrayContaining([...refetched]),
    )

    await opened.quiet()
    await opened.restart()
    opened.calls()
    expect((await opened.get('/file')) === text).toBe(true)
    expect(opened.calls()).toEqual(['stat /file'])
  })

  it('while it is in use is fetched again, too', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    await opened.get('/file')
    const chunks = (await opened.open('/file')).body[Symbol.asyncIterator]()
    const parts = [Buffer.from((await chunks.next()).value as Uint8Array)]
    flip(join(opened.dir, dataFiles(opened)[0]!), 9 * blockBytes)
    for (let step = await chunks.next(); step.done !== true; step = await chunks.next())
      parts.push(Buffer.from(step.value))
    expect(Buffer.concat(parts).toString() === text).toBe(true)
  })
})

describe('after a crash', () => {
  it('what was written but not entered into the index is swept and not served', async () => {
    const { opened, filePath } = await openFilled()
    await using _opened = opened
    const strays = ['4711', 'no number', '12.part'].map((name) => join(opened.dir, name))
    for (const path of strays) writeFileSync(path, 'left over')
    await opened.restart()
    expect(dataFiles(opened).map((name) => join(opened.dir, name))).toEqual([filePath])
  })

  it('a new file never takes up what an older one with its number has left', async () => {
    await using opened = openCache()
    await opened.cache[Symbol.asyncDispose]()
    writeFileSync(join(opened.dir, '1'), randomBytes(mebibyte))
    opened.memory.put('/file', text)
    await opened.restart()
    expect((await opened.get('/file')) === text).toBe(true)
    await opened.quiet()
    expect((await opened.get('/file')) === text).toBe(true)
  })
})

describe('an index that is damaged', () => {
  it.each([
    ['is noise', (path: string): void => writeFileSync(path, randomBytes(20_000))],
    ['is cut short', (path: string): void => truncateSync(path, 5_000)],
    ['is gone', (path: string): void => unlinkSync(path)],
    ['is of another version', (path: string): void => patchVersion(path)],
  ])('because it %s makes the cache start empty, and leaves nothing behind', async (_title, does) => {
    const { opened } = await openFilled()
    await using _opened = opened
    does(join(opened.dir, 'index.sqlite'))
    await opened.restart()
    expect(opened.unusable).toEqual([])
    expect(opened.cache.counters().storedBytes).toBe(0)
    expect(dataFiles(opened)).toEqual([])
    opened.calls()
    expect((await opened.get('/file')) === text).toBe(true)
    expect(opened.calls()).toEqual(['read /file'])
  })
})

describe('a folder that cannot be used', () => {
  it('is reported, and everything is read past the cache', async () => {
    await using opened = openCache()
    await opened.cache[Symbol.asyncDispose]()
    rmSync(opened.dir, { recursive: true })
    writeFileSync(opened.dir, 'a file')
    opened.memory.put('/file', text)
    await opened.restart()
    expect(opened.unusable).toMatchObject([{ code: 'state-dir-unusable', args: { path: opened.dir } }])
    expect((await opened.get('/file')) === text).toBe(true)
  })

  it('because it was removed under way costs nobody a byte', async () => {
    await using opened = openCache()
    opened.memory.put('/file', text)
    await opened.get('/file')
    await opened.quiet()
    rmSync(opened.dir, { recursive: true })
    for (let times = 0; times < 3; times += 1) {
      expect((await opened.get('/file')) === text).toBe(true)
      await opened.quiet()
    }
    await waitFor(() => opened.reads.every(({ isOver }) => isOver), { what: 'the end' })
    expect(() => statSync(opened.dir)).toThrow()
  })
})

/** `user_version` is at byte 60 of a database's header. */
function patchVersion(path: string): void {
  const bytes = readFileSync(path)
  bytes.writeUInt32BE(99, 60)
  writeFileSync(path, bytes)
}
