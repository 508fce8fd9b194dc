import { execFileSync } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'

import { describe, expect, it } from 'vitest'

import { MountGuard } from '../../../../docker/bridge/agent/files/mount-guard.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import { needs } from '../../../harness/needs.ts'
import { mountTmpfs } from '../../../harness/tmpfs.ts'
import { serveFolder } from './served-folder.ts'

needs('tmpfs')('a mount that goes away', () => {
  it('is not taken for an empty drive, nor written under', async () => {
    await using temp = await makeTempDir('mount-guard')
    mountTmpfs(temp.dir, '8m')
    await using folder = await serveFolder({ rootDir: temp.dir })
    await folder.put('file', 'content')
    expect(await folder.names()).toEqual(['file'])
    // As an agent whose server is gone does it.
    execFileSync('umount', ['-l', temp.dir])
    expect(await folder.code('GET', 'directory', { path: '' })).toBe('mount-lost')
    expect(await folder.code('GET', 'attributes', { path: 'file' })).toBe('mount-lost')
    expect(await folder.code('PUT', 'content', { path: 'file' }, { body: 'new' })).toBe('mount-lost')
    using _again = mountTmpfs(temp.dir, '8m')
    expect(await folder.names()).toEqual([])
  })

  it('is refused as lost when the folder is gone altogether', async () => {
    await using temp = await makeTempDir('mount-guard')
    await mkdir(`${temp.dir}/root`)
    const guard = await MountGuard.around(`${temp.dir}/root`)
    await guard.check()
    execFileSync('rmdir', [`${temp.dir}/root`])
    await expect(guard.check()).rejects.toMatchObject({ code: 'mount-lost' })
  })
})

needs('tmpfs')('a file system that is full', () => {
  it('refuses with no-space, and keeps no trace of what did not fit', async () => {
    await using temp = await makeTempDir('full')
    using _tmpfs = mountTmpfs(temp.dir, '4m')
    await using folder = await serveFolder({ rootDir: temp.dir })
    await folder.put('file', 'old')
    const body = Buffer.alloc(8 * 1024 * 1024)
    expect(await folder.code('PUT', 'content', { path: 'file' }, { body })).toBe('no-space')
    expect(await folder.names()).toEqual(['file'])
    expect((await folder.ask('GET', 'content', { path: 'file' })).text).toBe('old')
    expect((await folder.put('file', body.subarray(0, 2 * 1024 * 1024))).status).toBe(200)
  })
})

describe('the status of S3 Files', () => {
  /** A program in place of getfattr. */
  async function serveWith(script: string): Promise<Awaited<ReturnType<typeof serveFolder>>> {
    const temp = await makeTempDir('status')
    const statusProgram = `${temp.dir}/getfattr`
    await writeFile(statusProgram, `#!/bin/sh\n${script}\n`)
    await chmod(statusProgram, 0o755)
    return await serveFolder({ statusProgram })
  }

  it('is asked for by an attribute that no cache knows, of the very file', async () => {
    await using folder = await serveWith(
      'test "$1 $2 $3 $4 $6" = "--only-values --absolute-names --no-dereference -n --" || exit 1; ' +
        'case "$5" in "user.s3files.status;"[0-9]*) ;; *) exit 1;; esac; printf "S3Key: s3://bucket/%s\\n" "${7##*/}"',
    )
    await folder.put('-n $(x) ä', 'content')
    const reply = await folder.ask('GET', 'export-status', { path: '-n $(x) ä' })
    expect(reply.value).toEqual({ objectUrl: 's3://bucket/-n $(x) ä' })
  })

  it.each([
    ['the file system keeps none', 'exit 1'],
    ['the program says too much', 'head -c 1000000 /dev/zero'],
  ])('is not found where %s', async (_why, script) => {
    await using folder = await serveWith(script)
    await folder.put('file', 'content')
    expect(await folder.code('GET', 'export-status', { path: 'file' })).toBe('not-found')
  })

  it('is not found where there is no such program, and no such file', async () => {
    await using folder = await serveFolder({ statusProgram: '/nowhere/getfattr' })
    await folder.put('file', 'content')
    expect(await folder.code('GET', 'export-status', { path: 'file' })).toBe('not-found')
    expect(await folder.code('GET', 'export-status', { path: 'absent' })).toBe('not-found')
  })
})

describe('a root that is a link', () => {
  it('is followed once, when the service starts', async () => {
    await using temp = await makeTempDir('linked-root')
    await mkdir(`${temp.dir}/real`)
    execFileSync('ln', ['-s', 'real', `${temp.dir}/link`])
    await using folder = await serveFolder({ rootDir: `${temp.dir}/link` })
    await folder.put('file', 'content')
    expect((await folder.ask('GET', 'content', { path: 'file' })).text).toBe('content')
  })
})
