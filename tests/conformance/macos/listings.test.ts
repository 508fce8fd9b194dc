import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { FakeClock } from '../../fakes/fake-clock.ts'
import { expectClean, mountDrive } from './macos-drive.ts'
import { mountMemoryDrive } from './memory-drive.ts'

const names: readonly string[] = [
  'plain.txt',
  '👩‍👩‍👧‍👦🏳️‍🌈.png',
  'caf\u00e9 composed',
  'räksmörgås',
  '文件 ملف ไฟล์',
  '100% %20 %2f.txt',
  'a&b &amp; &lt;',
  'a;b;c',
  'a+b',
  `it's "quoted"`,
  '<tag>]]>',
  'what#now?yes',
  'Finder: a slash',
  'back\\slash',
  ' leading and trailing ',
  'two\nlines',
  "!$&'()*+,;=:@",
  '[]{}|^`~-_',
  'x',
  'y'.repeat(255),
  `${'𝄞'.repeat(63)}xyz`,
]

describe('names', () => {
  test('that lie in the folder are all listed, and each can be looked up and read', async () => {
    await using drive = await mountDrive()
    for (const name of names) await writeFile(join(drive.front.rootDir, name), name)
    expect((await drive.volume.readdir('/')).toSorted()).toEqual([...names].sort())
    for (const name of names) {
      expect(await drive.volume.stat(`/${name}`)).toMatchObject({
        kind: 'file',
        size: Buffer.byteLength(name),
      })
      expect((await drive.volume.readFile(`/${name}`)).toString()).toBe(name)
    }
    expectClean(drive.volume)
  })

  test('that the client creates are all in the folder, in folders of such names as well', async () => {
    await using drive = await mountDrive()
    const short = names.filter((name) => Buffer.byteLength(name) < 100)
    for (const name of short) {
      await drive.volume.mkdir(`/${name}`)
      await drive.volume.writeFile(`/${name}/${name}`, Buffer.from(name))
      expect(await drive.volume.readdir(`/${name}`)).toEqual([name])
    }
    expect((await readdir(drive.front.rootDir)).toSorted()).toEqual([...short].sort())
    expectClean(drive.volume)
  })

  test('typed in decomposed letters are created composed, and listed children do not disappear', async () => {
    await using drive = await mountDrive()
    const typed = 'a\u0308o\u0308u\u0308'
    await drive.volume.mkdir(`/${typed}`)
    await drive.volume.writeFile(`/${typed}/x`, Buffer.from('x'))
    expect(await drive.volume.readdir(`/${typed}`)).toEqual(['x'])
    expect((await drive.volume.readFile(`/${typed}/x`)).toString()).toBe('x')
    expect(await readdir(drive.front.rootDir)).toEqual(['äöü'])
    expectClean(drive.volume)
  })

  test('that lie there decomposed are found by composed ones and listed as they are', async () => {
    await using drive = await mountDrive()
    await mkdir(join(drive.front.rootDir, 'e\u0301'))
    await writeFile(join(drive.front.rootDir, 'e\u0301', 'n\u0303'), 'content')
    expect((await drive.volume.readFile('/\u00e9/\u00f1')).toString()).toBe('content')
    expect(await drive.volume.readdir('/\u00e9')).toEqual(['n\u0303'])
    expectClean(drive.volume)
  })
})

test('a file that others add to a folder is found within a minute, and one they remove is gone', async () => {
  const clock = new FakeClock()
  await using drive = await mountDrive({ clock, metadataTtlMs: 0, negativeTtlMs: 0 })
  await mkdir(join(drive.front.rootDir, 'shared'))
  const path = join(drive.front.rootDir, 'shared', 'theirs.txt')
  await expect(drive.volume.stat('/shared/theirs.txt')).rejects.toMatchObject({ errno: 'ENOENT' })
  await writeFile(path, 'here')
  await clock.advance(61_000)
  expect(await drive.volume.stat('/shared/theirs.txt')).toMatchObject({ size: 4 })
  await rm(path)
  await clock.advance(61_000)
  await expect(drive.volume.stat('/shared/theirs.txt')).rejects.toMatchObject({ errno: 'ENOENT' })
  expectClean(drive.volume)
})

test('a file that others add beside the folders of the drive is found once its window lists it', async () => {
  const clock = new FakeClock()
  await using drive = await mountDrive({ clock, metadataTtlMs: 0, negativeTtlMs: 0 })
  await expect(drive.volume.stat('/theirs.txt')).rejects.toMatchObject({ errno: 'ENOENT' })
  await writeFile(join(drive.front.rootDir, 'theirs.txt'), 'here')
  await clock.advance(11_000)
  expect(await drive.volume.openFolder('/')).toEqual(['theirs.txt'])
  expectClean(drive.volume)
})

test('children that come within one second each move the time of their directory', async () => {
  await using drive = await mountDrive({ metadataTtlMs: 0, negativeTtlMs: 0 })
  const seen = new Set<number>()
  for (let index = 0; index < 5; index++) {
    await expect(drive.volume.stat(`/f${index}`)).rejects.toMatchObject({ errno: 'ENOENT' })
    await writeFile(join(drive.front.rootDir, `f${index}`), '')
    expect(await drive.volume.readdir('/')).toHaveLength(index + 1)
    seen.add((await drive.volume.stat('/')).modifiedSec)
  }
  expect(seen.size).toBe(5)
  expectClean(drive.volume)
})

test.each(['/', '/shared'])(
  'new children of %s move its time even where the backend’s own stands still',
  async (path) => {
    const frontClock = new FakeClock()
    await using drive = await mountMemoryDrive({ frontClock })
    drive.backend.mkdir('/shared')
    const list = drive.backend.list.bind(drive.backend)
    drive.backend.list = async (directory, call) => {
      const listing = await list(directory, call)
      return { ...listing, directory: { ...listing.directory, modifiedMs: Date.UTC(2026, 0, 1) } }
    }
    await drive.volume.readdir(path)
    const before = await drive.volume.stat(path)
    drive.backend.put(`${path}/theirs.txt`, 'new')
    // Past the time for which the front believes its own listing.
    await frontClock.advance(6_000)
    expect(await drive.volume.readdir(path)).toContain('theirs.txt')
    expect((await drive.volume.stat(path)).modifiedSec).toBeGreaterThan(before.modifiedSec)
  },
)
