import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { askExport } from '../../../../src-main/services/bridge/ask-export.ts'
import type { BridgeAddress } from '../../../../src-main/services/bridge/bridge.ts'
import { makeTempDir, type TempDir } from '../../../harness/temp-dir.ts'
import { serveFolder, token, type ServedFolder } from '../../bridge/files/served-folder.ts'

const { signal } = new AbortController()

let temp: TempDir
let folder: ServedFolder | undefined

beforeEach(async () => {
  temp = await makeTempDir('export')
})
afterEach(async () => {
  await folder?.[Symbol.asyncDispose]()
  await temp[Symbol.asyncDispose]()
})

/** An agent's file service with a program in place of getfattr, and a file in it. */
async function serve(script: string): Promise<BridgeAddress> {
  const statusProgram = join(temp.dir, 'getfattr')
  await writeFile(statusProgram, `#!/bin/sh\n${script}\n`)
  await chmod(statusProgram, 0o755)
  folder = await serveFolder({ statusProgram })
  await folder.put('a+b ä.txt', 'content')
  const url = `http://127.0.0.1:${folder.port}`
  return { filesUrl: url, controlUrl: url, token }
}

test('what S3 Files says of a file is asked of the agent by the front’s path, whatever its name', async () => {
  const address = await serve('printf "S3Key: s3://b/%s\\nExportError: PathTooLong\\n" "${7##*/}"')
  expect(await askExport(address, '/a+b ä.txt', signal)).toEqual({
    objectUrl: 's3://b/a+b ä.txt',
    exportError: 'PathTooLong',
  })
})

test('where the server keeps no such thing there is nothing to know', async () => {
  expect(await askExport(await serve('exit 1'), '/a+b ä.txt', signal)).toBeUndefined()
})

test('a file that is not there is told from a server that keeps nothing', async () => {
  const address = await serve('exit 1')
  await expect(askExport(address, '/absent', signal)).rejects.toMatchObject({
    code: 'not-found',
    args: { path: '/absent' },
  })
})

test('an agent that does not let us in, or is not there any more, is told as that', async () => {
  const address = await serve('exit 1')
  await expect(askExport({ ...address, token: 'of another' }, '/a', signal)).rejects.toMatchObject({
    code: 'message-invalid',
  })
  await folder?.[Symbol.asyncDispose]()
  folder = undefined
  await expect(askExport(address, '/a', signal)).rejects.toMatchObject({ code: 'bridge-timeout' })
})
