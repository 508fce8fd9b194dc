import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import type { Clock } from '../../lib/clock.ts'
import { largeFileName, readmeName } from '../../composition/sandbox/sandbox-tree.ts'
import type { TreeAccess } from './tree-access.ts'

/** One thing that must hold. Throws an `Error` with what was wrong; what it returns is a detail worth showing. */
export interface TreeCheck {
  readonly name: string
  run(signal: AbortSignal): Promise<string | undefined>
}

const emojiName = 'Grüße 🚀 & 100 %.txt'

export interface CheckedTree {
  readonly tree: TreeAccess
  /** The folder that `tree` shows. */
  readonly sourceDir: string
  /** A name that nothing in the folder has yet. */
  readonly workDir: string
  readonly clock: Clock
  /** How long a written file may take to arrive in the folder. */
  readonly arrivalLimitMs: number
}

/**
 * What a user does with a volume, in an order in which each step builds on the one before. Every change is looked for twice:
 * through `tree`, where it must show at once, and in the folder behind it, where it may take a moment to arrive.
 */
export function treeChecks({
  tree,
  sourceDir,
  workDir,
  clock,
  arrivalLimitMs,
}: CheckedTree): readonly TreeCheck[] {
  const behind = (path: string): string => join(sourceDir, path)
  const at = (name: string): string => `${workDir}/${name}`

  /** What was saved is delivered to the folder afterwards, so that may be a little behind. */
  const expectBehind = async (
    look: () => Promise<string>,
    expected: string,
    problem: string,
    signal: AbortSignal,
  ): Promise<void> => {
    const deadlineMs = clock.monotonicMs() + arrivalLimitMs
    while ((await look()) !== expected && clock.monotonicMs() < deadlineMs) await clock.sleep(20, signal)
    expectEqual(await look(), expected, problem)
  }
  const expectContent = async (path: string, expected: Uint8Array, signal: AbortSignal): Promise<void> => {
    const wanted = digest(expected)
    expectEqual(digest(await tree.read(path, signal)), wanted, `“${path}” reads back differently`)
    const look = async (): Promise<string> => digest(await readFile(behind(path)).catch(nothingYet))
    await expectBehind(look, wanted, `“${path}” is different in the folder`, signal)
  }
  const expectNames = async (
    dir: string,
    expected: readonly string[],
    signal: AbortSignal,
  ): Promise<void> => {
    const wanted = visible(expected)
    expectEqual(visible(await tree.list(dir, signal)), wanted, `“${dir}” lists differently`)
    const look = async (): Promise<string> => visible(await readdir(behind(dir)))
    await expectBehind(look, wanted, `“${dir}” is different in the folder`, signal)
  }

  return [
    {
      name: 'list',
      run: async (signal) => {
        const names = await tree.list('', signal)
        expectEqual(visible(names), visible(await readdir(sourceDir)), 'the listing differs from the folder')
        return `${names.length} entries`
      },
    },
    {
      name: 'read',
      run: async (signal) => {
        await expectContent(readmeName, await readFile(behind(readmeName)), signal)
        return undefined
      },
    },
    {
      name: 'read 50 MB',
      run: async (signal) => {
        const seen = await tree.checksum(largeFileName, signal)
        expectEqual(seen, await checksumOf(behind(largeFileName)), 'the checksum differs')
        return `sha256 ${seen.slice(0, 12)}…`
      },
    },
    {
      name: 'make folder',
      run: async (signal) => {
        await tree.makeFolder(workDir, signal)
        await expectNames(workDir, [], signal)
        return undefined
      },
    },
    {
      name: 'write',
      run: async (signal) => {
        const content = Buffer.alloc(300_000, 'Mountbar writes this.\n')
        await tree.write(at('note.txt'), content, signal)
        await expectContent(at('note.txt'), content, signal)
        return undefined
      },
    },
    {
      name: 'overwrite',
      run: async (signal) => {
        const content = Buffer.from('Shorter than before, and different.\n')
        await tree.write(at('note.txt'), content, signal)
        await expectContent(at('note.txt'), content, signal)
        return undefined
      },
    },
    {
      name: 'rename',
      run: async (signal) => {
        await tree.rename(at('note.txt'), at('renamed.txt'), signal)
        await expectNames(workDir, ['renamed.txt'], signal)
        return undefined
      },
    },
    {
      name: 'emoji name',
      run: async (signal) => {
        const content = Buffer.from('Every character counts.\n')
        await tree.write(at(emojiName), content, signal)
        await expectContent(at(emojiName), content, signal)
        await expectNames(workDir, [emojiName, 'renamed.txt'], signal)
        return undefined
      },
    },
    {
      name: 'delete',
      run: async (signal) => {
        await tree.removeFile(at('renamed.txt'), signal)
        await tree.removeFile(at(emojiName), signal)
        await expectNames(workDir, [], signal)
        return undefined
      },
    },
    {
      name: 'remove folder',
      run: async (signal) => {
        await tree.removeFolder(workDir, signal)
        const names = [...(await tree.list('', signal)), ...(await readdir(sourceDir))]
        expectEqual(String(names.includes(workDir)), 'false', 'the folder is still there')
        return undefined
      },
    },
  ]
}

/** Without what mounters add of their own (`lost+found` of davfs2) and hidden files. */
function visible(names: readonly string[]): string {
  return names
    .filter((name) => !name.startsWith('.') && name !== 'lost+found')
    .map((name) => name.normalize('NFC'))
    .sort()
    .join(', ')
}

function expectEqual(actual: string, expected: string, problem: string): void {
  if (actual !== expected)
    throw new Error(`${problem}: expected ${expected || 'nothing'}, found ${actual || 'nothing'}`)
}

function digest(content: Uint8Array): string {
  return `${content.length} bytes, sha256 ${createHash('sha256').update(content).digest('hex').slice(0, 12)}`
}

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

function nothingYet(): Uint8Array {
  return new Uint8Array()
}
