import { constants, createWriteStream } from 'node:fs'
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { drawSampleImage } from './sample-image.ts'
import { seededBytes } from './seeded-bytes.ts'

export const readmeName = 'README.txt'
export const largeFileName = 'Large file (50 MB).bin'
export const largeFileBytes = 50_000_000
const largeFileSeed = 2026

const readme = `This is the Sandbox of Mountbar.

You are looking at a plain folder of your own disk, through a volume. What you do here happens in the folder, and what
you do in the folder shows up here within seconds.

Try it: open the picture, write into "Notes", drag files in and out, rename and delete them, copy the large file. Nothing
outside of the folder is touched, and the files stay when the volume goes.
`

/** The small files of the Sandbox, by path. */
function smallFiles(): ReadonlyMap<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    [readmeName, readme],
    ['Notes/Shopping list.txt', 'Bread\nOlive oil\nCoffee\n'],
    ['Notes/Ideas.md', '# Ideas\n\n- A volume for every bucket\n- One click, no waiting\n'],
    ['Notes/Übergrößen.txt', 'Names with umlauts: ä ö ü ß Ä Ö Ü\n'],
    ['Pictures/Sunset.png', drawSampleImage({ width: 640, height: 400 })],
    ['Pictures/🏔️ Mountains 🌲.txt', 'Names may have emoji, too.\n'],
    ['Projects/2026/Report/Draft 1.txt', 'A folder in a folder in a folder.\n'],
    ['Projects/2026/Report/100 % & more + 1.txt', 'Signs that mean something in an address.\n'],
  ])
}

/** Fills `dir` with all files of the Sandbox. What is there already stays as it is. @returns how many files were new. */
export async function writeSandboxTree(dir: string, signal: AbortSignal): Promise<number> {
  const written = await writeSmallFiles(dir)
  return (await writeLargeFile(join(dir, largeFileName), signal)) ? written + 1 : written
}

/** Gives a Sandbox that is new its small files. One that was there keeps what its owner made of it. */
export async function furnishSandbox(dir: string): Promise<void> {
  if ((await mkdir(dir, { recursive: true, mode: 0o700 })) !== undefined) await writeSmallFiles(dir)
}

async function writeSmallFiles(dir: string): Promise<number> {
  let written = 0
  for (const [path, content] of smallFiles()) {
    if (await writeNew(join(dir, path), content)) written += 1
  }
  return written
}

async function writeNew(path: string, content: string | Uint8Array): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}

/** Under its name only when it is whole: a demo that was interrupted must not leave half of it for the next one. */
async function writeLargeFile(path: string, signal: AbortSignal): Promise<boolean> {
  if (await isThere(path)) return false
  const partPath = join(dirname(path), `.${basename(path)}.part`)
  try {
    const bytes = Readable.from(seededBytes(largeFileSeed, largeFileBytes))
    await pipeline(bytes, createWriteStream(partPath), { signal })
    await rename(partPath, path)
  } catch (error) {
    await rm(partPath, { force: true })
    throw error
  }
  return true
}

async function isThere(path: string): Promise<boolean> {
  return await access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
