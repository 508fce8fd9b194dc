import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const builtDir = fileURLToPath(new URL('../../../out', import.meta.url))

/** The built front as it was when the run began: servers are started all through it, and a build meanwhile must not mix two. */
export interface FrontCopy extends AsyncDisposable {
  /** `undefined` when nothing has been built. */
  readonly entryPath: string | undefined
}

export async function copyFront(): Promise<FrontCopy> {
  if (!existsSync(join(builtDir, 'front.js'))) {
    return { entryPath: undefined, [Symbol.asyncDispose]: () => Promise.resolve() }
  }
  const dir = await mkdtemp(join(tmpdir(), 'mountbar-bench-front-'))
  const remove = () => rm(dir, { recursive: true, force: true })
  try {
    await cp(builtDir, dir, { recursive: true })
  } catch (error) {
    await remove()
    throw error
  }
  return { entryPath: join(dir, 'front.js'), [Symbol.asyncDispose]: remove }
}
