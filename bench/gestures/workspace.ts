import { chmod, mkdir, mkdtemp, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder for one run, open to the users that servers change to; disposing removes it with all that is in it. */
export interface Workspace extends AsyncDisposable {
  readonly dir: string
  /** A new empty folder in it. */
  makeDir(name: string): Promise<string>
}

/** @throws when there is less than `neededBytes` free in `parentDir`. */
export async function makeWorkspace(parentDir: string, neededBytes: number): Promise<Workspace> {
  const { bavail, bsize } = await statfs(parentDir)
  if (bavail * bsize < neededBytes) {
    throw new Error(`${parentDir} needs ${Math.ceil(neededBytes / 2 ** 20)} MiB free; try --quick or --dir`)
  }
  const dir = await mkdtemp(join(parentDir, 'mountbar-gestures-'))
  await chmod(dir, 0o755)
  return {
    dir,
    makeDir: async (name) => {
      const made = join(dir, name)
      await mkdir(made)
      await chmod(made, 0o777)
      return made
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true, maxRetries: 5 }),
  }
}
