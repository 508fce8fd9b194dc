import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestFront, type TestFront } from '../../harness/front.ts'
import { makeFileTree, readTree } from '../../harness/file-tree.ts'
import { needs, programOf } from '../../harness/needs.ts'
import { runProgram } from '../../harness/run-program.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'

needs('rclone')('rclone', () => {
  let front: TestFront
  let temp: TempDir
  let remote: string
  beforeAll(async () => {
    front = await startTestFront()
    temp = await makeTempDir('rclone')
    remote = `:webdav,url='${front.url}',vendor=other:`
    await makeFileTree(join(temp.dir, 'source'), { files: 100, seed: 1 })
    await mkdir(join(temp.dir, 'source', 'odd names'))
    for (const name of ["it's & <odd> 100%.txt", 'caf\u00e9 👩‍👩‍👧', 'a+b;c#d?e', ' leading', 'trailing ']) {
      await writeFile(join(temp.dir, 'source', 'odd names', name), name)
    }
  })
  afterAll(async () => {
    await front.stop()
    await temp[Symbol.asyncDispose]()
  })

  const rclone = async (...args: string[]) =>
    runProgram(programOf('rclone'), ['--config', '', '--retries', '1', ...args], { cwd: temp.dir })

  test('syncs a tree to the drive and finds every byte there', async () => {
    await rclone('sync', 'source', `${remote}tree`)
    await rclone('check', '--download', 'source', `${remote}tree`)
    expect(await readTree(join(front.rootDir, 'tree'))).toEqual(await readTree(join(temp.dir, 'source')))
  })

  test('has nothing to do the second time', async () => {
    const { stderr } = await rclone(
      'sync',
      '--size-only',
      '--stats-one-line',
      '-v',
      'source',
      `${remote}tree`,
    )
    expect(stderr).toMatch(/There was nothing to transfer/)
  })

  test('takes over what was changed and deleted', async () => {
    await rm(join(temp.dir, 'source', 'odd names', ' leading'))
    await writeFile(join(temp.dir, 'source', 'odd names', 'a+b;c#d?e'), 'changed to another length')
    await rclone('sync', 'source', `${remote}tree`)
    expect(await readTree(join(front.rootDir, 'tree'))).toEqual(await readTree(join(temp.dir, 'source')))
  })

  test('syncs the drive back to another folder', async () => {
    await rclone('sync', `${remote}tree`, 'back')
    await rclone('check', '--download', `${remote}tree`, 'back')
    expect(await readTree(join(temp.dir, 'back'))).toEqual(await readTree(join(temp.dir, 'source')))
  })

  test('moves and purges on the server', async () => {
    await rclone('moveto', `${remote}tree`, `${remote}moved`)
    expect(await readTree(join(front.rootDir, 'moved'))).toEqual(await readTree(join(temp.dir, 'source')))
    await rclone('purge', `${remote}moved`)
    expect(await readTree(front.rootDir)).toEqual({})
  })
})
