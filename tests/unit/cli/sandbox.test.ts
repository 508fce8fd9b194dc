import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, inflateSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { mountedTree } from '../../../src-main/cli/demo/mounted-tree.ts'
import { runChecks } from '../../../src-main/cli/demo/run-checks.ts'
import { drawSampleImage } from '../../../src-main/composition/sandbox/sample-image.ts'
import {
  largeFileBytes,
  largeFileName,
  writeSandboxTree,
} from '../../../src-main/composition/sandbox/sandbox-tree.ts'
import { seededBytes } from '../../../src-main/composition/sandbox/seeded-bytes.ts'
import type { TreeAccess } from '../../../src-main/cli/demo/tree-access.ts'
import { treeChecks } from '../../../src-main/cli/demo/tree-checks.ts'
import { systemClock } from '../../../src-main/lib/clock.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import type { TempDir } from '../../harness/temp-dir.ts'

const { signal } = new AbortController()

let temp: TempDir

beforeEach(async () => {
  temp = await makeTempDir('sandbox')
})

afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

describe('seeded bytes', () => {
  const bytesOf = (seed: number, length: number): Buffer => Buffer.concat([...seededBytes(seed, length)])

  test('are as many as asked for, and the same for the same seed', () => {
    expect(bytesOf(7, 3_000_001)).toHaveLength(3_000_001)
    expect(bytesOf(7, 3_000_001).equals(bytesOf(7, 3_000_001))).toBe(true)
    expect(bytesOf(7, 1_000).equals(bytesOf(8, 1_000))).toBe(false)
  })

  test('do not repeat and do not compress to nothing', () => {
    const digests = [...seededBytes(1, 8 << 20)].map((chunk) =>
      createHash('sha1').update(chunk).digest('hex'),
    )
    expect(new Set(digests).size).toBe(8)
    expect(new Set(bytesOf(1, 100_000)).size).toBe(256)
  })
})

test('the sample image is a valid PNG of its size', () => {
  const png = drawSampleImage({ width: 32, height: 20 })
  expect(png.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n')
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    const typeAndData = png.subarray(at + 4, at + 8 + length)
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(typeAndData))
    chunks.set(typeAndData.subarray(0, 4).toString('latin1'), typeAndData.subarray(4))
    at += 12 + length
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND'])
  expect(chunks.get('IHDR')?.readUInt32BE(0)).toBe(32)
  expect(inflateSync(chunks.get('IDAT')!)).toHaveLength((1 + 32 * 3) * 20)
})

describe('the Sandbox', () => {
  test('has everything to play with, and is not written twice', async () => {
    const first = await writeSandboxTree(temp.dir, signal)
    const all = await readdir(temp.dir, { recursive: true })
    expect(all).toEqual(expect.arrayContaining(['README.txt', 'Pictures/Sunset.png', largeFileName]))
    expect(all.some((name) => name.includes('🏔️'))).toBe(true)
    expect(await writeSandboxTree(temp.dir, signal)).toBe(0)
    expect(first).toBeGreaterThan(5)
  })

  test('leaves what the user changed, and fills in what is missing', async () => {
    await writeSandboxTree(temp.dir, signal)
    await writeFile(join(temp.dir, 'README.txt'), 'mine')
    await unlink(join(temp.dir, 'Notes', 'Ideas.md'))
    expect(await writeSandboxTree(temp.dir, signal)).toBe(1)
    expect(await readFile(join(temp.dir, 'README.txt'), 'utf8')).toBe('mine')
  })

  test('whose large file was interrupted is made whole by the next demo', async () => {
    const interrupt = new AbortController()
    interrupt.abort()
    await expect(writeSandboxTree(temp.dir, interrupt.signal)).rejects.toThrow()
    await writeSandboxTree(temp.dir, signal)
    expect(await readFile(join(temp.dir, largeFileName))).toHaveLength(largeFileBytes)
  })
})

describe('the checks of a volume', () => {
  let tree: TreeAccess

  beforeEach(async () => {
    tree = mountedTree(temp.dir)
    await writeFile(join(temp.dir, 'README.txt'), 'read me')
    await writeFile(join(temp.dir, largeFileName), Buffer.concat([...seededBytes(1, 200_000)]))
  })

  const failing = async (changes: Partial<TreeAccess>, limitMs = 30_000): Promise<readonly string[]> => {
    const checks = treeChecks({
      tree: { ...tree, ...changes },
      sourceDir: temp.dir,
      workDir: 'work',
      clock: systemClock,
      arrivalLimitMs: 50,
    })
    const outcomes = await runChecks(checks, { clock: systemClock, signal, limitMs })
    return outcomes.filter(({ ok }) => !ok).map(({ name }) => name)
  }

  test('all hold for a folder, which is left as it was', async () => {
    expect(await failing({})).toEqual([])
    expect((await readdir(temp.dir)).sort()).toEqual([largeFileName, 'README.txt'].sort())
  })

  test.each<[string, string, (inner: TreeAccess) => Partial<TreeAccess>]>([
    ['hides a file', 'list', (inner) => ({ list: async (dir) => (await inner.list(dir, signal)).slice(1) })],
    ['reads other bytes', 'read', () => ({ read: () => Promise.resolve(Buffer.from('no')) })],
    ['breaks a large file', 'read 50 MB', () => ({ checksum: () => Promise.resolve('0'.repeat(64)) })],
    ['makes no folders', 'make folder', () => ({ makeFolder: () => Promise.resolve() })],
    [
      'appends where it should replace',
      'overwrite',
      (inner) => ({
        write: async (path, content) => {
          const old = await inner.read(path, signal).catch(() => Buffer.alloc(0))
          await inner.write(path, Buffer.concat([old, content]), signal)
        },
      }),
    ],
    [
      'copies where it should rename',
      'rename',
      (inner) => ({
        rename: async (from, to) => inner.write(to, await inner.read(from, signal), signal),
      }),
    ],
    [
      'loses emoji',
      'emoji name',
      (inner) => ({
        write: (path, content) => inner.write(path.replace(/\p{Emoji_Presentation}/u, '_'), content, signal),
      }),
    ],
    ['keeps deleted files', 'delete', () => ({ removeFile: () => Promise.resolve() })],
    ['keeps removed folders', 'remove folder', () => ({ removeFolder: () => Promise.resolve() })],
  ])('a volume that %s fails “%s”', async (_what, check, broken) => {
    expect(await failing(broken(tree))).toContain(check)
  })

  test('a write that never arrives in the folder fails', async () => {
    const elsewhere = join(temp.dir, '..', `${temp.dir.split('/').at(-1) ?? ''}-elsewhere`)
    await mkdir(elsewhere)
    const lost: Partial<TreeAccess> = {
      write: (path, content) => writeFile(join(elsewhere, path.replaceAll('/', '_')), content),
      read: async (path) =>
        await readFile(join(elsewhere, path.replaceAll('/', '_'))).catch(() => tree.read(path, signal)),
    }
    expect(await failing(lost)).toContain('write')
    await rename(elsewhere, join(temp.dir, 'elsewhere'))
    await rm(join(temp.dir, 'elsewhere'), { recursive: true })
  })

  test('a volume that hangs ends the checks at the limit, because it would hang all the others', async () => {
    const hangs: Partial<TreeAccess> = {
      makeFolder: (_path, limit) =>
        new Promise((_resolve, reject) => {
          limit.addEventListener('abort', () => reject(limit.reason as Error))
        }),
    }
    expect(await failing(hangs, 200)).toEqual(['make folder'])
  })
})
