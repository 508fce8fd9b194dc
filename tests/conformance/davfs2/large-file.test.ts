import { createCipheriv, createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { mountDavfs2 } from '../../harness/davfs2.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { needs } from '../../harness/needs.ts'
import { residentMib } from '../../harness/process-facts.ts'

const mebi = 1024 * 1024
const pieces = 1_024

/** Content that neither repeats nor compresses, the same in every run, a mebibyte at a time. */
function* generate(hash: ReturnType<typeof createHash>): Generator<Buffer> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16))
  const zeros = Buffer.alloc(mebi)
  for (let piece = 0; piece < pieces; piece += 1) {
    const content = cipher.update(zeros)
    hash.update(content)
    yield content
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha1')
  await pipeline(createReadStream(path, { highWaterMark: mebi }), hash)
  return hash.digest('hex')
}

needs('davfs2')('a file of 1 GiB', () => {
  let front: TestFront
  let digest: string
  beforeAll(async () => {
    front = await startTestFront()
  })
  afterAll(() => front.stop())

  test('is written through the volume whole', async () => {
    await using volume = await mountDavfs2(front.url)
    const hash = createHash('sha1')
    await pipeline(Readable.from(generate(hash)), createWriteStream(join(volume.mountDir, 'large.bin')))
    digest = hash.digest('hex')
    await volume.unmount()
    expect((await stat(join(front.rootDir, 'large.bin'))).size).toBe(pieces * mebi)
    expect(await digestOf(join(front.rootDir, 'large.bin'))).toBe(digest)
  })

  test('is read back through a fresh volume whole', async () => {
    await using volume = await mountDavfs2(front.url)
    expect(await digestOf(join(volume.mountDir, 'large.bin'))).toBe(digest)
  })

  test('left no trace in the memory of the front', async () => {
    expect(await residentMib(front.pid)).toBeLessThan(300)
  })
})
