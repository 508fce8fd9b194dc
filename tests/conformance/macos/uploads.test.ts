import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { expectClean, mountDrive } from './macos-drive.ts'

test('a chunked copy shorter than announced is discarded and the old content stays', async () => {
  await using drive = await mountDrive()
  const path = join(drive.front.rootDir, 'report.pdf')
  await writeFile(path, 'the old report')
  const handle = await drive.volume.open('/report.pdf', { write: true })
  await handle.beginSequential(1_000_000)
  await handle.writeSequential(Buffer.alloc(400_000))
  await handle.close()
  expect(await readFile(path, 'utf8')).toBe('the old report')
  expect(drive.volume.report().events).toMatchObject([{ kind: 'silent-loss', path: '/report.pdf' }])
  const put = drive.volume.report().requests.find(({ method }) => method === 'PUT')
  expect([403, 413, 423, 507]).toContain(put?.status)
})

test('a chunked copy whose connection breaks leaves the old content and nothing else', async () => {
  await using drive = await mountDrive()
  const path = join(drive.front.rootDir, 'report.pdf')
  await writeFile(path, 'the old report')
  const handle = await drive.volume.open('/report.pdf', { write: true })
  await handle.beginSequential(5_000_000)
  await handle.writeSequential(Buffer.alloc(2_000_000))
  handle.cancelSequential()
  await handle.close()
  await expect.poll(() => readdir(drive.front.rootDir)).toEqual(['report.pdf'])
  expect(await readFile(path, 'utf8')).toBe('the old report')
})

test('a chunked copy longer than announced is taken whole: the announcement is a hint', async () => {
  await using drive = await mountDrive()
  const bytes = Buffer.alloc(300_000, 'grown while it was copied ')
  await drive.volume.copyIn('/log.txt', bytes, { announcedBytes: 200_000 })
  expect((await readFile(join(drive.front.rootDir, 'log.txt'))).equals(bytes)).toBe(true)
  expectClean(drive.volume)
})

test('a read-only drive refuses a copy before its bytes, so that Finder shows it', async () => {
  await using drive = await mountDrive({ readOnly: true })
  if (drive.volume.isReadOnly) {
    await expect(drive.volume.copyIn('/new.bin', Buffer.alloc(10))).rejects.toMatchObject({ errno: 'EROFS' })
  } else {
    await expect(drive.volume.copyIn('/new.bin', Buffer.alloc(10))).rejects.toMatchObject({ errno: 'EPERM' })
  }
  expect(drive.volume.report().events.map(({ kind }) => kind)).not.toContain('silent-loss')
  expect(await readdir(drive.front.rootDir)).toEqual([])
})

test('five Finder copies and saves at once arrive whole', async () => {
  await using drive = await mountDrive()
  const files = [1, 2].map((number) => [`/copy${number}.bin`, Buffer.alloc(8_000_000, number)] as const)
  const saves = [3, 4, 5].map((number) => [`/save${number}.bin`, Buffer.alloc(1_000_000, number)] as const)
  await Promise.all([
    ...files.map(([path, bytes]) => drive.volume.copyIn(path, bytes)),
    ...saves.map(([path, bytes]) => drive.volume.writeFile(path, bytes)),
  ])
  for (const [path, bytes] of [...files, ...saves]) {
    expect((await readFile(join(drive.front.rootDir, path))).equals(bytes)).toBe(true)
  }
  expectClean(drive.volume)
})
