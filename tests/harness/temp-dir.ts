import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TempDir extends AsyncDisposable {
  readonly dir: string
}

/** A new folder of one test's own; disposing removes it with all that is in it. */
export async function makeTempDir(purpose: string): Promise<TempDir> {
  const dir = await mkdtemp(join(tmpdir(), `mountbar-${purpose}-`))
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true, maxRetries: 5 }) }
}
