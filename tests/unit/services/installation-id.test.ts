import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { readInstallationId } from '../../../src-main/services/settings/installation-id.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'

let temp: TempDir
let filePath: string

beforeEach(async () => {
  temp = await makeTempDir('installation')
  filePath = join(temp.dir, 'state', 'installation-id')
})
afterEach(() => temp[Symbol.asyncDispose]())

test('an installation gets an id at the first call, and keeps it', async () => {
  const id = await readInstallationId(filePath)
  expect(id).toMatch(/^[0-9a-f]{16}$/)
  expect(await readInstallationId(filePath)).toBe(id)
  expect(await readdir(join(temp.dir, 'state'))).toEqual(['installation-id'])
})

test('processes that ask for the first time at once agree', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, () => readInstallationId(filePath)))
  expect(new Set(ids).size).toBe(1)
})

test('a file with something else in it is not written over', async () => {
  await mkdir(join(temp.dir, 'state'))
  await writeFile(filePath, 'not an id')
  await expect(readInstallationId(filePath)).rejects.toMatchObject({ code: 'state-dir-unusable' })
})
