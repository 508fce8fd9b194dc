import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { FakeClock } from '../../../fakes/fake-clock.ts'
import { Bucket } from '../../../harness/s3files/bucket/bucket.ts'
import { ExportDir } from '../../../harness/s3files/bucket/export-dir.ts'
import { Synchroniser } from '../../../harness/s3files/bucket/synchroniser.ts'
import { makeTempDir, type TempDir } from '../../../harness/temp-dir.ts'

const quietMs = 60_000
const lostAndFound = '.s3files-lost+found-fs-1'

let temp: TempDir
let clock: FakeClock
let bucket: Bucket
let exportDir: ExportDir
let synchroniser: Synchroniser

beforeEach(async () => {
  temp = await makeTempDir('sync')
  await mkdir(at('.'))
  clock = new FakeClock()
  bucket = new Bucket('bucket', clock)
  exportDir = await ExportDir.open(at('.'), 'fs-1')
  synchroniser = new Synchroniser({ bucket, exportDir, quietMs, clock })
})
afterEach(async () => {
  await exportDir[Symbol.asyncDispose]()
  await temp[Symbol.asyncDispose]()
})

function at(path: string): string {
  return join(temp.dir, 'export', path)
}

/** A look now, and one after a quiet minute. */
async function settle(): Promise<void> {
  await synchroniser.scan()
  await clock.advance(quietMs)
  await synchroniser.scan()
}

function bodyOf(key: string): string | undefined {
  return bucket.object(key)?.body.toString()
}

/** Oldest first; `-` is a delete marker. */
function historyOf(key: string): string[] {
  return bucket
    .versions(key)
    .map((version) => (version.isDeleteMarker ? '-' : version.body.toString()))
    .reverse()
}

describe('what is written to the file system', () => {
  test('reaches the bucket after a minute without another write, and not before', async () => {
    await writeFile(at('a.txt'), 'one')
    await synchroniser.scan()
    await clock.advance(59_000)
    await writeFile(at('a.txt'), 'three')
    await synchroniser.scan()
    expect(synchroniser.metrics).toMatchObject({ pendingExports: 1 })
    await clock.advance(59_999)
    await synchroniser.scan()
    expect(bucket.latest('a.txt')).toBeUndefined()
    await clock.advance(1)
    await synchroniser.scan()
    expect(historyOf('a.txt')).toEqual(['three'])
    expect(synchroniser.metrics).toMatchObject({ pendingExports: 0, exportAgeMs: 0 })
  })

  test('is a new version each time', async () => {
    await writeFile(at('a'), '1')
    await settle()
    await writeFile(at('a'), '22')
    await settle()
    await settle()
    expect(historyOf('a')).toEqual(['1', '22'])
  })

  test('has its owner and mode in the metadata; another mode is another version', async () => {
    await writeFile(at('a'), 'x')
    await chmod(at('a'), 0o640)
    await settle()
    const { uid, gid } = await stat(at('a'))
    expect(bucket.object('a')?.metadata).toEqual({
      'file-owner': String(uid),
      'file-group': String(gid),
      'file-permissions': '0100640',
    })
    await chmod(at('a'), 0o600)
    await settle()
    expect(historyOf('a')).toEqual(['x', 'x'])
  })

  test('has its directories as empty objects with a slash', async () => {
    await mkdir(at('dir/empty'), { recursive: true })
    await writeFile(at('dir/a'), 'x')
    await settle()
    expect(bucket.keys()).toEqual(['dir/', 'dir/a', 'dir/empty/'])
    expect(bodyOf('dir/empty/')).toBe('')
  })

  test('leaves a delete marker when it is deleted', async () => {
    await mkdir(at('dir'))
    await writeFile(at('dir/a'), 'x')
    await settle()
    await rm(at('dir'), { recursive: true })
    await settle()
    expect([historyOf('dir/a'), historyOf('dir/')]).toEqual([
      ['x', '-'],
      ['', '-'],
    ])
  })

  test('never reaches the bucket when it did not live for a minute', async () => {
    await writeFile(at('temp'), 'x')
    await synchroniser.scan()
    await rename(at('temp'), at('real'))
    await settle()
    expect(bucket.keys()).toEqual(['real'])
  })

  test('stays where it is when its path is too long for S3', async () => {
    const deep = Array.from({ length: 5 }, () => 'd'.repeat(240)).join('/')
    await mkdir(at(deep), { recursive: true })
    await settle()
    expect(synchroniser.metrics).toMatchObject({ exportFailures: 1, pendingExports: 0 })
  })
})

describe('a rename', () => {
  test('is a copy and a delete marker', async () => {
    await writeFile(at('old'), 'x')
    await settle()
    await rename(at('old'), at('new'))
    await settle()
    expect([historyOf('old'), historyOf('new')]).toEqual([['x', '-'], ['x']])
  })

  test('of a directory is that for everything in it', async () => {
    await mkdir(at('old'))
    await writeFile(at('old/a'), 'x')
    await settle()
    await rename(at('old'), at('new'))
    await settle()
    expect([historyOf('old/'), historyOf('old/a'), historyOf('new/'), historyOf('new/a')]).toEqual([
      ['', '-'],
      ['x', '-'],
      [''],
      ['x'],
    ])
  })

  test('over another file is a new version of that', async () => {
    await writeFile(at('file'), 'old')
    await settle()
    await writeFile(at('file.tmp'), 'new!')
    await rename(at('file.tmp'), at('file'))
    await settle()
    expect([historyOf('file'), historyOf('file.tmp')]).toEqual([['old', 'new!'], []])
  })

  test('of a file that was changed just before takes the change along', async () => {
    await writeFile(at('old'), 'x')
    await settle()
    await writeFile(at('old'), 'changed')
    await synchroniser.scan()
    await rename(at('old'), at('new'))
    await settle()
    expect([historyOf('old'), historyOf('new')]).toEqual([['x', '-'], ['changed']])
  })
})

describe('what is put into the bucket', () => {
  test('is there at the next look, with its directories, and is not exported again', async () => {
    bucket.put('deep/er/a.txt', Buffer.from('x'))
    await settle()
    expect(await readFile(at('deep/er/a.txt'), 'utf8')).toBe('x')
    expect(bucket.keys()).toEqual(['deep/er/a.txt'])
    expect((await stat(at('deep/er/a.txt'))).mode & 0o777).toBe(0o644)
  })

  test('replaces what was there, and takes mode and time along', async () => {
    bucket.put('a', Buffer.from('1'))
    await settle()
    bucket.put('a', Buffer.from('22'), { 'file-permissions': '0100600' })
    const { lastModifiedMs } = bucket.object('a')!
    await settle()
    expect(await readFile(at('a'), 'utf8')).toBe('22')
    expect(await stat(at('a'))).toMatchObject({ mode: 0o100_600, mtimeMs: lastModifiedMs })
    expect(historyOf('a')).toEqual(['1', '22'])
  })

  test('is gone from the file system when it is deleted there', async () => {
    bucket.put('dir/', Buffer.alloc(0))
    bucket.put('dir/a', Buffer.from('1'))
    await settle()
    bucket.delete('dir/a')
    bucket.delete('dir/')
    await settle()
    expect(await readdir(at('.'))).toEqual([])
  })

  test('stays a directory while something else is in it', async () => {
    bucket.put('dir/', Buffer.alloc(0))
    bucket.put('dir/a', Buffer.from('1'))
    await settle()
    bucket.delete('dir/')
    await settle()
    await settle()
    expect(await readdir(at('dir'))).toEqual(['a'])
    expect(historyOf('dir/')).toEqual(['', '-'])
  })

  test.each([
    ['an empty name', 'a//b'],
    ['an empty name in front', '/a'],
    ['a dot', 'a/./b'],
    ['two dots', 'a/../b'],
    ['a name that is too long', 'x'.repeat(256)],
  ])('is not shown with %s in its key', async (_, key) => {
    bucket.put(key, Buffer.from('x'))
    await settle()
    expect(await readdir(at('.'))).toEqual([])
    expect(synchroniser.metrics).toMatchObject({ importFailures: 1 })
  })

  test('is not shown where a file stands in its way', async () => {
    bucket.put('a', Buffer.from('file'))
    bucket.put('a/b', Buffer.from('x'))
    await settle()
    expect(await readFile(at('a'), 'utf8')).toBe('file')
    expect(synchroniser.metrics).toMatchObject({ importFailures: 1 })
  })
})

describe('a file that was changed on both sides', () => {
  async function lost(): Promise<string[]> {
    const names = await readdir(at(lostAndFound))
    return Promise.all(names.map((name) => readFile(at(join(lostAndFound, name)), 'utf8')))
  }

  test('is as in the bucket; the other copy is in lost and found, which stays out of the bucket', async () => {
    await mkdir(at('dir'))
    await writeFile(at('dir/a'), 'base')
    await settle()
    await writeFile(at('dir/a'), 'from here')
    bucket.put('dir/a', Buffer.from('from the bucket'))
    await settle()
    await settle()
    expect(await readFile(at('dir/a'), 'utf8')).toBe('from the bucket')
    expect(await lost()).toEqual(['from here'])
    expect(await readdir(at(lostAndFound))).toEqual([expect.stringMatching(/^[0-9a-f]{16}-a$/)])
    expect((await stat(at(lostAndFound))).mode & 0o777).toBe(0o700)
    expect(bucket.keys()).toEqual(['dir/', 'dir/a'])
    expect(historyOf('dir/a')).toEqual(['base', 'from the bucket'])
    expect(synchroniser.metrics).toMatchObject({ lostAndFoundFiles: 1 })
  })

  test('is gone when the bucket deleted it', async () => {
    await writeFile(at('a'), 'base')
    await settle()
    await writeFile(at('a'), 'from here')
    bucket.delete('a')
    await settle()
    expect(await readdir(at('.'))).toEqual([lostAndFound])
    expect(await lost()).toEqual(['from here'])
  })

  test('comes back when it was deleted here and changed there', async () => {
    await writeFile(at('a'), 'base')
    await settle()
    await rm(at('a'))
    bucket.put('a', Buffer.from('from the bucket'))
    await settle()
    expect(await readFile(at('a'), 'utf8')).toBe('from the bucket')
    expect(historyOf('a')).toEqual(['base', 'from the bucket'])
  })

  test('was new on both sides: the bucket wins just the same', async () => {
    await writeFile(at('a'), 'from here')
    bucket.put('a', Buffer.from('from the bucket'))
    await settle()
    expect(await readFile(at('a'), 'utf8')).toBe('from the bucket')
    expect(await lost()).toEqual(['from here'])
  })

  test('keeps 100 characters of a long name', async () => {
    const name = 'n'.repeat(200)
    await writeFile(at(name), 'from here')
    bucket.put(name, Buffer.from('from the bucket'))
    await settle()
    expect(await readdir(at(lostAndFound))).toEqual([expect.stringMatching(/^[0-9a-f]{16}-n{100}$/)])
  })
})

test('a name that was deleted in the bucket can be used again', async () => {
  bucket.put('a', Buffer.from('1'))
  bucket.delete('a')
  await settle()
  await writeFile(at('a'), 'again')
  await settle()
  expect(historyOf('a')).toEqual(['1', '-', 'again'])
})
