import { randomBytes } from 'node:crypto'
import { link, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const entriesOfFolder = 1_000

/** Where each gesture finds what it works on, below its round's folder. No gesture touches what another one works on. */
export const names = {
  bigFolder: 'thousand',
  work: 'work',
  big: 'big',
  read: 'read-me',
  savedInPlace: 'save-me',
  savedByRename: 'save-me-safely',
  renamed: 'rename-me',
  deleted: 'delete-me',
  duplicated: 'duplicate-me',
  tagged: 'tag-me',
} as const

/** What stands in the files; random, so that no two can be mistaken for one another. */
export interface Contents {
  /** 4 KiB. */
  readonly small: Buffer
  /** As long as `small`, and different. */
  readonly changed: Buffer
  /** 100 MiB. */
  readonly big: Buffer
}

export function makeContents(): Contents {
  return { small: randomBytes(4096), changed: randomBytes(4096), big: randomBytes(bigFileBytes) }
}

export const bigFileBytes = 100 * 1024 * 1024

/** The folder of one round, below a drive's root. */
export function roundName(round: number): string {
  return `round-${round}`
}

/** Makes all that `rounds` rounds need before anything is served, so that nothing of it is in a cache. */
export async function makeTree(rootDir: string, rounds: number, contents: Contents): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const dir = join(rootDir, roundName(round))
    for (const name of ['', names.bigFolder, names.work, names.big])
      await mkdir(join(dir, name), { recursive: true })
    for (let index = 0; index < entriesOfFolder; index++) {
      await writeFile(join(dir, names.bigFolder, `file-${String(index).padStart(5, '0')}.txt`), 'x')
    }
    const { read, savedInPlace, savedByRename, renamed, deleted, duplicated, tagged } = names
    for (const name of [read, savedInPlace, savedByRename, renamed, deleted, duplicated, tagged]) {
      await writeFile(join(dir, names.work, name), contents.small)
    }
    const bigPath = join(dir, names.big, names.read)
    // Only ever read, so that one file will do for all rounds.
    if (round === 0) await writeFile(bigPath, contents.big)
    else await link(join(rootDir, roundName(0), names.big, names.read), bigPath)
  }
}
