import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { needs, programOf } from '../../../harness/needs.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import { mountTmpfs } from '../../../harness/tmpfs.ts'
import { serveFolder } from './served-folder.ts'

const run = promisify(execFile)
/** The service asks within the second; a busy machine gets some more. Each costs room of an inode. */
const seconds = 15

/** S3 Files answers whatever follows the semicolon; here each second that may be asked for has to be there. */
async function setStatus(path: string, value: string): Promise<void> {
  const nowSeconds = Math.floor(Date.now() / 1000)
  for (let ahead = 0; ahead < seconds; ahead += 1) {
    const name = `user.s3files.status;${nowSeconds + ahead}`
    await run(programOf('attr'), ['-n', name, '-v', value, path])
  }
}

needs('attr')('the status of S3 Files, as a real file system keeps it', () => {
  test.each([
    [
      'a file that was exported',
      'S3Key: s3://bucket/a folder/ä.txt\nExportError: \nFilePath: \n',
      { objectUrl: 's3://bucket/a folder/ä.txt' },
    ],
    ['a file that cannot be', 'ExportError: PathTooLong', { exportError: 'PathTooLong' }],
    [
      'a file in lost+found',
      'FilePath: "/docs/letter.txt"\nS3Key: s3://bucket/x',
      {
        filePath: '/docs/letter.txt',
        objectUrl: 's3://bucket/x',
      },
    ],
    ['a file that nothing is said of', '0x00', {}],
  ])('is read by getfattr: of %s', async (_what, value, expected) => {
    await using folder = await serveFolder()
    await folder.put('-n $(x) ä', 'content')
    await setStatus(join(folder.rootDir, '-n $(x) ä'), value)
    const reply = await folder.ask('GET', 'export-status', { path: '-n $(x) ä' })
    expect(reply.value).toEqual(expected)
  })

  test('is that of a link’s target, and of a folder its own', async () => {
    await using folder = await serveFolder()
    await folder.put('file', 'content')
    await symlink('file', join(folder.rootDir, 'link'))
    await mkdir(join(folder.rootDir, 'folder'))
    await setStatus(join(folder.rootDir, 'file'), 'S3Key: s3://bucket/file')
    await setStatus(join(folder.rootDir, 'folder'), 'S3Key: s3://bucket/folder/')
    const statusOf = async (path: string) => (await folder.ask('GET', 'export-status', { path })).value
    expect(await statusOf('link')).toEqual({ objectUrl: 's3://bucket/file' })
    expect(await statusOf('folder')).toEqual({ objectUrl: 's3://bucket/folder/' })
  })

  test('is not found where a file has another attribute, or none', async () => {
    await using folder = await serveFolder()
    await folder.put('file', 'content')
    await run(programOf('attr'), ['-n', 'user.other', '-v', 'x', join(folder.rootDir, 'file')])
    expect(await folder.code('GET', 'export-status', { path: 'file' })).toBe('not-found')
  })
})

needs('attr', 'tmpfs')('the same on a file system without such attributes', () => {
  test('is not found', async () => {
    await using temp = await makeTempDir('no-attributes')
    using _tmpfs = mountTmpfs(temp.dir, '4m')
    await writeFile(join(temp.dir, 'file'), 'content')
    await using folder = await serveFolder({ rootDir: temp.dir })
    expect(await folder.code('GET', 'export-status', { path: 'file' })).toBe('not-found')
  })
})
