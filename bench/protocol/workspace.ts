import { chmod, mkdir, mkdtemp, open, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** How much there is to list, read and write. */
export interface TreeShape {
  /** For each number of entries, how many folders have it. */
  readonly listings: readonly { readonly entries: number; readonly folders: number }[]
  readonly smallFiles: number
  readonly smallFileBytes: number
  readonly bigFileBytes: number
}

/** A folder in memory with the tree all servers serve; disposing removes it with all that is in it. */
export interface Workspace extends AsyncDisposable {
  readonly dir: string
  readonly rootDir: string
  readonly shape: TreeShape
  /** A new empty folder outside the tree, open to the users that servers change to. */
  makeScratchDir(name: string): Promise<string>
}

/** tmpfs: what is measured is servers, not disks. */
const memoryDir = '/dev/shm'

/** Where each listed folder is, below the root. */
export function listingPath(entries: number, folder: number): string {
  return `list-${entries}-${folder}`
}

/** 14 bytes, none of them percent-encoded: the size of a listing depends on it, and one of our aims is a size. */
export function entryName(index: number): string {
  return `file-${String(index).padStart(5, '0')}.txt`
}

export const smallFilesPath = 'small'
export const bigFilePath = 'big.bin'
export const writablePath = 'put'

/** @throws when there is not room for the tree and one more big file. */
export async function makeWorkspace(shape: TreeShape): Promise<Workspace> {
  await checkRoom(shape)
  const dir = await mkdtemp(join(memoryDir, 'mountbar-bench-'))
  const remove = () => rm(dir, { recursive: true, force: true, maxRetries: 5 })
  try {
    await openToAll(dir)
    const rootDir = join(dir, 'root')
    await makeTree(rootDir, shape)
    return {
      dir,
      rootDir,
      shape,
      makeScratchDir: async (name) => openToAll(await mkdtemp(join(dir, `${name}-`))),
      [Symbol.asyncDispose]: remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

async function makeTree(rootDir: string, shape: TreeShape): Promise<void> {
  await mkdir(rootDir)
  await mkdir(join(rootDir, writablePath))
  await openToAll(join(rootDir, writablePath))
  for (const { entries, folders } of shape.listings) {
    for (let folder = 0; folder < folders; folder++) {
      await fillFolder(join(rootDir, listingPath(entries, folder)), entries, entryName, Buffer.from('x'))
    }
  }
  const small = Buffer.alloc(shape.smallFileBytes, 's')
  await fillFolder(join(rootDir, smallFilesPath), shape.smallFiles, String, small)
  await writeBigFile(join(rootDir, bigFilePath), shape.bigFileBytes)
}

async function fillFolder(
  dir: string,
  count: number,
  nameOf: (index: number) => string,
  content: Buffer,
): Promise<void> {
  await mkdir(dir)
  for (let index = 0; index < count; index++) await writeFile(join(dir, nameOf(index)), content)
}

async function writeBigFile(path: string, bytes: number): Promise<void> {
  const piece = Buffer.alloc(4 * 1024 * 1024, 'b')
  await using file = await open(path, 'w')
  for (let left = bytes; left > 0; left -= piece.length)
    await file.write(piece, 0, Math.min(left, piece.length))
}

/** Apache and nginx serve as another user when root starts them. Returns `dir`. */
async function openToAll(dir: string): Promise<string> {
  await chmod(dir, 0o777)
  return dir
}

async function checkRoom(shape: TreeShape): Promise<void> {
  const { bavail, bsize } = await statfs(memoryDir)
  // The file that is read, one that is written, and a server's own copy of it while it is received.
  const neededBytes = 3 * shape.bigFileBytes + 512 * 1024 * 1024
  if (bavail * bsize < neededBytes) {
    throw new Error(`${memoryDir} needs ${Math.ceil(neededBytes / 2 ** 20)} MiB free; try --quick`)
  }
}
