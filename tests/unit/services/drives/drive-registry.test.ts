import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { createDriveRegistry } from '../../../../src-main/services/drives/drive-registry.ts'
import type { DriveRegistry } from '../../../../src-main/services/drives/drive-registry.ts'
import { driveSettingsSchema } from '../../../../src-main/services/settings/schema.ts'
import { aDrive, FakeDriveList } from '../../../fakes/fake-drive-list.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import type { TempDir } from '../../../harness/temp-dir.ts'

let temp: TempDir
let photosDir: string
let list: FakeDriveList
let registry: DriveRegistry

beforeEach(async () => {
  temp = await makeTempDir('registry')
  photosDir = join(temp.dir, 'Photos')
  await mkdir(photosDir)
  list = new FakeDriveList()
  registry = createDriveRegistry({ drives: list, dirs: { volumesDir: '/volumes', stateDir: '/state' } })
})

afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

test('a folder becomes a drive with an identity that the settings accept', async () => {
  const drive = await registry.findOrAdd(photosDir, {})
  const { id, port, pathSecret, ...rest } = drive
  expect(rest).toEqual({
    writeMode: 'queued',
    name: 'Photos',
    kind: 'sandbox',
    sourceDir: photosDir,
    readOnly: false,
  })
  expect(driveSettingsSchema.parse(drive)).toEqual(drive)
  expect(id).toHaveLength(6)
  expect(pathSecret).toHaveLength(32)
  expect(port).toBeGreaterThan(1023)
  expect(list.drives).toEqual([drive])
})

test('the same folder again is the same drive, by whatever path it is named', async () => {
  const drive = await registry.findOrAdd(photosDir, {})
  const link = join(temp.dir, 'link')
  await symlink(photosDir, link)
  for (const path of [photosDir, `${photosDir}/`, link, join(temp.dir, 'x', '..', 'Photos')]) {
    expect(await registry.findOrAdd(path, { name: 'Ignored' })).toEqual(drive)
  }
  expect(list.drives).toHaveLength(1)
})

test('the name of a folder is made unique, whatever the capitals', async () => {
  await mkdir(join(temp.dir, 'more', 'photos'), { recursive: true })
  await mkdir(join(temp.dir, 'most', 'Photos'), { recursive: true })
  await registry.findOrAdd(photosDir, {})
  expect((await registry.findOrAdd(join(temp.dir, 'more', 'photos'), {})).name).toBe('photos 2')
  expect((await registry.findOrAdd(join(temp.dir, 'most', 'Photos'), {})).name).toBe('Photos 3')
})

test('what a user chooses is kept, and what is not chosen stays', async () => {
  const { id } = await registry.findOrAdd(photosDir, {
    name: 'Pictures',
    mountPoint: '/mnt/p',
    readOnly: true,
  })
  expect(list.drives[0]).toMatchObject({ name: 'Pictures', mountPoint: '/mnt/p', readOnly: true })
  await registry.change(id, { readOnly: false })
  expect(list.drives[0]).toMatchObject({ name: 'Pictures', mountPoint: '/mnt/p', readOnly: false })
})

test('a drive may keep its own name when it is renamed to it', async () => {
  const { id } = await registry.findOrAdd(photosDir, {})
  expect((await registry.change(id, { name: 'PHOTOS' })).name).toBe('PHOTOS')
})

test.each([
  ['nothing', ''],
  ['dots', '..'],
  ['a slash', 'a/b'],
])('%s is no name for a drive', async (_what, name) => {
  const adding = registry.findOrAdd(photosDir, { name })
  await expect(adding).rejects.toMatchObject({ code: 'name-invalid' })
  expect(list.drives).toEqual([])
})

test('a word that is neither a drive nor a folder is an unknown drive', async () => {
  list.drives = [aDrive({ name: 'Sandbox' })]
  await expect(registry.findOrAdd('Sanbox', {})).rejects.toMatchObject({
    code: 'drive-unknown',
    args: { name: 'Sanbox', suggestion: 'Sandbox' },
  })
})

test('a path where nothing is, is a missing folder', async () => {
  const adding = registry.findOrAdd(join(temp.dir, 'gone'), {})
  await expect(adding).rejects.toMatchObject({
    code: 'source-missing',
    args: { path: join(temp.dir, 'gone') },
  })
})

test('a file is no drive', async () => {
  const path = join(temp.dir, 'file.txt')
  await writeFile(path, 'x')
  await expect(registry.findOrAdd(path, {})).rejects.toMatchObject({ code: 'source-not-a-folder' })
})

test('two commands that add the same folder at once end with one drive', async () => {
  const [one, other] = await Promise.all([
    registry.addFolder(photosDir, {}),
    registry.addFolder(photosDir, {}),
  ])
  expect(one).toEqual(other)
  expect(list.drives).toHaveLength(1)
})

test('a forgotten drive is off the list', async () => {
  const { id } = await registry.findOrAdd(photosDir, {})
  await registry.remove(id)
  expect(list.drives).toEqual([])
})
