import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export interface FileTreeOptions {
  readonly files: number
  /** Another seed gives other contents under the same names. */
  readonly seed: number
}

/** A tree of small files of mixed sizes (empty to 8 KiB), some 25 to a folder, three levels deep. */
export async function makeFileTree(dir: string, { files, seed }: FileTreeOptions): Promise<void> {
  const made = new Set<string>()
  for (let index = 0; index < files; index += 1) {
    const folder = Math.floor(index / 25)
    const path = join(dir, `group-${Math.floor(folder / 10)}`, `folder-${folder}`, `file-${index}.txt`)
    if (!made.has(dirname(path))) await mkdir(dirname(path), { recursive: true })
    made.add(dirname(path))
    const block = createHash('sha512').update(`${seed} ${index}`).digest()
    await writeFile(path, Buffer.alloc((index * 97) % 8_192, block))
  }
}

/** Every file below `dir` by relative path with a digest of its content; folders end in `/`. For comparing two trees whole. */
export async function readTree(dir: string): Promise<Readonly<Record<string, string>>> {
  const tree: Record<string, string> = {}
  const visit = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(dir, relative), { withFileTypes: true })) {
      const path = `${relative}${entry.name}`
      if (entry.isDirectory()) {
        tree[`${path}/`] = 'folder'
        await visit(`${path}/`)
      } else {
        tree[path] = createHash('sha256')
          .update(await readFile(join(dir, path)))
          .digest('hex')
      }
    }
  }
  await visit('')
  return tree
}
