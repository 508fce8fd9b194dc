import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

import { makeTempDir } from './temp-dir.ts'

/** A folder to serve, with neighbours that must stay as they are whatever is asked of the server. */
export interface GuardedRoot extends AsyncDisposable {
  readonly rootDir: string
  /** Beside the root; holds `secret.txt` and `inner/secret.txt`. */
  readonly canaryDir: string
  /** What `secret.txt` says; an answer that contains it has leaked. */
  readonly secret: string
  /** Everything outside the root by path: kind, mode, times and content. Equal before and after, or something was touched. */
  outside(): Promise<ReadonlyMap<string, string>>
}

export async function makeGuardedRoot(): Promise<GuardedRoot> {
  const temp = await makeTempDir('guarded')
  const rootDir = join(temp.dir, 'root')
  const canaryDir = join(temp.dir, 'canary')
  const secret = 'the canary sings: 7f1c9a'
  // `root-twin` begins with the root's own name: a check by string prefix would let it pass.
  for (const dir of [rootDir, join(canaryDir, 'inner'), join(temp.dir, 'root-twin')]) {
    await mkdir(dir, { recursive: true })
  }
  for (const path of ['secret.txt', 'canary/secret.txt', 'canary/inner/secret.txt', 'root-twin/secret.txt']) {
    await writeFile(join(temp.dir, path), secret)
  }
  return {
    rootDir,
    canaryDir,
    secret,
    outside: () => fingerprints(temp.dir, rootDir),
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  }
}

/** Links in `dir`, which is the root or below it, that lead out: to a file, a directory, through `..`, to nowhere yet, and to what holds the root. */
export async function addEscapingLinks(
  { rootDir, canaryDir }: GuardedRoot,
  dir = rootDir,
): Promise<readonly string[]> {
  const links = {
    'link-to-file': join(canaryDir, 'secret.txt'),
    'link-to-directory': canaryDir,
    'link-relative': relative(dir, join(canaryDir, 'secret.txt')),
    'link-to-nothing-yet': join(canaryDir, 'new.txt'),
    'link-to-parent': relative(dir, dirname(rootDir)),
  }
  for (const [name, target] of Object.entries(links)) await symlink(target, join(dir, name))
  return Object.keys(links)
}

async function fingerprints(dir: string, except: string): Promise<Map<string, string>> {
  const all = new Map<string, string>()
  const visit = async (path: string): Promise<void> => {
    if (path === except) return
    const info = await lstat(path, { bigint: true })
    const facts = [info.mode, info.ino, info.size, info.nlink, info.mtimeNs, info.ctimeNs]
    if (info.isDirectory()) {
      all.set(path, facts.join(' '))
      for (const name of await readdir(path)) await visit(join(path, name))
    } else {
      const content = info.isSymbolicLink() ? await readlink(path) : await readFile(path)
      all.set(path, [...facts, createHash('sha256').update(content).digest('hex')].join(' '))
    }
  }
  await visit(dir)
  return all
}
