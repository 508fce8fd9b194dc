import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { mountSimulatedVolume } from '../../harness/webdavfs/mount.ts'
import { expectClean, mountDrive } from './macos-drive.ts'

const tag = Buffer.from('red')

test('what Finder probes for after a mount costs at most the listing of the root', async () => {
  await using drive = await mountDrive()
  expect(await drive.backendCallsOf(() => drive.volume.settleIn())).toBeLessThanOrEqual(1)
  expectClean(drive.volume)
})

test('the names that keep Spotlight and Quick Look away are there, and not in the folder', async () => {
  await using drive = await mountDrive()
  expect(await drive.volume.stat('/.metadata_never_index')).toMatchObject({ kind: 'file', size: 0 })
  expect(await drive.volume.stat('/.ql_disablethumbnails')).toMatchObject({ kind: 'file', size: 0 })
  expect(await readdir(drive.front.rootDir)).toEqual([])
})

describe('extended attributes', () => {
  test('never reach the folder, and survive a restart of the front', async () => {
    await using drive = await mountDrive()
    await drive.volume.writeFile('/a.txt', Buffer.from('a'))
    await drive.volume.setxattr('/a.txt', 'com.apple.tag', tag)
    expect(await readdir(drive.front.rootDir)).toEqual(['a.txt'])
    await drive.front.restart()
    await using other = await mountSimulatedVolume({ url: drive.front.url })
    expect(await other.getxattr('/a.txt', 'com.apple.tag')).toEqual(tag)
    expectClean(drive.volume)
  })

  test('go with their file when another program renames it, and with the folder it is in', async () => {
    await using drive = await mountDrive()
    await drive.volume.mkdir('/old')
    await drive.volume.writeFile('/old/a.txt', Buffer.from('a'))
    await drive.volume.setxattr('/old/a.txt', 'com.apple.tag', tag)
    await drive.volume.posix.rename('/old/a.txt', '/old/b.txt')
    await drive.volume.posix.rename('/old', '/new')
    await using other = await mountSimulatedVolume({ url: drive.front.url })
    expect(await other.getxattr('/new/b.txt', 'com.apple.tag')).toEqual(tag)
  })

  test('die with their file', async () => {
    await using drive = await mountDrive()
    await drive.volume.writeFile('/a.txt', Buffer.from('a'))
    await drive.volume.setxattr('/a.txt', 'com.apple.tag', tag)
    await drive.volume.posix.unlink('/a.txt')
    await drive.volume.writeFile('/a.txt', Buffer.from('another a'))
    await using other = await mountSimulatedVolume({ url: drive.front.url })
    await expect(other.getxattr('/a.txt', 'com.apple.tag')).rejects.toMatchObject({ errno: 'ENOATTR' })
  })
})

test.each(['.DS_Store', '._gone.txt'])('a folder that holds nothing but %s can be removed', async (name) => {
  await using drive = await mountDrive()
  await drive.volume.mkdir('/folder')
  await drive.volume.writeFile(`/folder/${name}`, Buffer.from('Finder’s own'))
  await drive.volume.rmdir('/folder')
  expect(await readdir(drive.front.rootDir)).toEqual([])
  expectClean(drive.volume)
})

test('a folder that holds a file of the user’s cannot be removed', async () => {
  await using drive = await mountDrive()
  await mkdir(join(drive.front.rootDir, 'folder'))
  await writeFile(join(drive.front.rootDir, 'folder', 'kept.txt'), 'kept')
  await expect(drive.volume.rmdir('/folder')).rejects.toMatchObject({ errno: 'ENOTEMPTY' })
})

test.each(['.TemporaryItems', '.Trashes', '.fseventsd', '.Spotlight-V100'])(
  'what is written below %s stays on the Mac, and reads back',
  async (name) => {
    await using drive = await mountDrive()
    await drive.volume.mkdir(`/${name}`)
    await drive.volume.mkdir(`/${name}/501`)
    await drive.volume.writeFile(`/${name}/501/file`, Buffer.from('content'))
    await using other = await mountSimulatedVolume({ url: drive.front.url })
    expect((await other.readFile(`/${name}/501/file`)).toString()).toBe('content')
    expect(await readdir(drive.front.rootDir)).toEqual([])
    expectClean(drive.volume)
  },
)

test('a file moved out of .TemporaryItems is in the folder, with its bytes', async () => {
  await using drive = await mountDrive()
  await drive.volume.mkdir('/.TemporaryItems')
  await drive.volume.writeFile('/.TemporaryItems/draft', Buffer.from('saved'))
  await drive.volume.rename('/.TemporaryItems/draft', '/final.txt')
  expect((await drive.volume.readFile('/final.txt')).toString()).toBe('saved')
  expect(await readdir(drive.front.rootDir)).toEqual(['final.txt'])
  expectClean(drive.volume)
})

test('Finder’s files in a folder die with it: a new folder of that name has none', async () => {
  await using drive = await mountDrive()
  await drive.volume.mkdir('/folder')
  await drive.volume.writeFile('/folder/.DS_Store', Buffer.from('window position'))
  await drive.volume.rmdir('/folder')
  await drive.volume.mkdir('/folder')
  expect(await drive.volume.readdir('/folder')).toEqual([])
})
