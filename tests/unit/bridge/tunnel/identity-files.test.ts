import { readdir, readFile, stat } from 'node:fs/promises'

import { describe, expect, test } from 'vitest'

import type { TunnelIdentity } from '../../../../docker/bridge/api/start.ts'
import { createIdentityFiles } from '../../../../docker/bridge/tunnel/identity-files.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'

const identity = (name: string, length = 1): TunnelIdentity => ({
  certificatePem: `certificate ${name.repeat(length)}`,
  privateKeyPem: `key ${name.repeat(length)}`,
  expiresAtMs: 1,
})

describe('certificate and key on the tmpfs', () => {
  test('are readable by their owner only', async () => {
    await using temp = await makeTempDir('identity')
    const files = createIdentityFiles(temp.dir)
    await files.write(identity('one'))
    const paths = [files.certificatePath, files.privateKeyPath]
    const modes = await Promise.all(paths.map(async (path) => (await stat(path)).mode & 0o777))
    expect(modes).toEqual([0o600, 0o600])
  })

  test('are replaced at the same paths, and nothing of the old ones is left', async () => {
    await using temp = await makeTempDir('identity')
    const files = createIdentityFiles(temp.dir)
    for (const name of ['one', 'two', 'three']) await files.write(identity(name))
    expect(await readFile(files.certificatePath, 'utf8')).toBe('certificate three')
    expect(await readFile(files.privateKeyPath, 'utf8')).toBe('key three')
    expect((await readdir(temp.dir)).toSorted()).toEqual(['certificate.pem', 'private-key.pem'])
  })

  test('are whole whenever they are read', async () => {
    await using temp = await makeTempDir('identity')
    const files = createIdentityFiles(temp.dir)
    const length = 50_000
    await files.write(identity('0', length))
    const writer = { isWriting: true }
    const writing = (async () => {
      for (let round = 1; round < 10; round += 1) await files.write(identity(String(round), length))
      writer.isWriting = false
    })()
    while (writer.isWriting) {
      expect(await readFile(files.certificatePath, 'utf8')).toHaveLength(length + 'certificate '.length)
    }
    await writing
  })
})
