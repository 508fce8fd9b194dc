import {
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  truncate,
  mkdir,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { mountDavfs2, type Davfs2Mount } from '../../harness/davfs2.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { needs } from '../../harness/needs.ts'
import { waitFor } from '../../harness/wait-for.ts'

needs('davfs2')('saving on a mounted volume', () => {
  let front: TestFront
  let volume: Davfs2Mount
  let dir: string
  beforeAll(async () => {
    front = await startTestFront()
    volume = await mountDavfs2(front.url)
    dir = volume.mountDir
  })
  afterAll(async () => {
    await volume[Symbol.asyncDispose]()
    await front.stop()
  })
  beforeEach(async () => {
    await writeFile(join(dir, 'document.txt'), 'the first version')
    await onServerIs('the first version')
  })

  /** davfs2 uploads behind the back of close(). */
  const onServerIs = (content: string) =>
    waitFor(
      async () => (await readFile(join(front.rootDir, 'document.txt'), 'utf8').catch(() => '')) === content,
      {
        what: `the server to have ${JSON.stringify(content)}`,
        limitMs: 20_000,
      },
    )

  test('an atomic save, a temporary file renamed over the document, replaces it', async () => {
    for (let version = 2; version < 6; version += 1) {
      const content = `version ${version}, saved atomically`
      const file = await open(join(dir, '.document.txt.tmp'), 'wx')
      await file.writeFile(content)
      await file.sync()
      await file.close()
      await rename(join(dir, '.document.txt.tmp'), join(dir, 'document.txt'))
      expect(await readFile(join(dir, 'document.txt'), 'utf8')).toBe(content)
      await onServerIs(content)
    }
    expect((await readdir(front.rootDir)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('a save that keeps a backup, as many editors do it, leaves both', async () => {
    await rename(join(dir, 'document.txt'), join(dir, 'document.txt~'))
    await writeFile(join(dir, 'document.txt'), 'the second version')
    await onServerIs('the second version')
    expect(await readFile(join(front.rootDir, 'document.txt~'), 'utf8')).toBe('the first version')
    await rm(join(dir, 'document.txt~'))
  })

  test('a save in place, longer and shorter, replaces the content', async () => {
    for (const content of ['a much longer version than the first one', 'short', '', 'again']) {
      await writeFile(join(dir, 'document.txt'), content)
      await onServerIs(content)
    }
  })

  test('appending and truncating change only the end', async () => {
    await writeFile(join(dir, 'document.txt'), ', continued', { flag: 'a' })
    await onServerIs('the first version, continued')
    await truncate(join(dir, 'document.txt'), 9)
    await onServerIs('the first')
  })

  test('a file made with O_EXCL is there once', async () => {
    const path = join(dir, 'lockfile')
    await writeFile(path, '', { flag: 'wx' })
    await expect(writeFile(path, '', { flag: 'wx' })).rejects.toMatchObject({ code: 'EEXIST' })
    await rm(path)
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('a folder that is not empty is not removed, an empty one is', async () => {
    await mkdir(join(dir, 'folder'))
    await writeFile(join(dir, 'folder/inside'), 'x')
    await expect(rmdir(join(dir, 'folder'))).rejects.toMatchObject({ code: 'ENOTEMPTY' })
    await rm(join(dir, 'folder/inside'))
    await rmdir(join(dir, 'folder'))
    expect(await readdir(front.rootDir)).not.toContain('folder')
  })

  test('a change made on the server is seen at a later opening', async () => {
    // A file of its own: an upload of the document, still under way, would undo the change.
    await writeFile(join(front.rootDir, 'shared.txt'), 'as it was')
    const onVolumeIs = (content: string) =>
      waitFor(async () => (await readFile(join(dir, 'shared.txt'), 'utf8').catch(() => '')) === content, {
        what: `the volume to show ${JSON.stringify(content)}`,
        limitMs: 30_000,
        // davfs2 asks again at most once in a second.
        everyMs: 1_100,
      })
    await onVolumeIs('as it was')
    await writeFile(join(front.rootDir, 'shared.txt'), 'changed behind the front')
    await onVolumeIs('changed behind the front')
  })
})
