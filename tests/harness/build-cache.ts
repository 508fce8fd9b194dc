import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

import { systemClock } from '../../src-main/lib/clock.ts'
import { acquireFileLock } from '../../src-main/lib/file-lock.ts'

export interface BuildCacheOptions {
  /** What is built; builds of the same name replace each other in time. */
  readonly name: string
  /** Names all that the result depends on. */
  readonly key: string
  /** Where builds are kept; `MOUNTBAR_RIG_CACHE` or `.cache/rig` of this repository when not given. */
  readonly cacheDir?: string | undefined
  readonly signal?: AbortSignal | undefined
}

const waitLimitMs = 30 * 60_000
const keepUnusedMs = 24 * 60 * 60_000

/**
 * The folder that `build` has filled for this name and key, now or in an earlier run. Processes that ask at the same time wait for the
 * one that builds. `build` gets another folder than the one it will be in: nothing in it may know its own path. A build that was
 * killed is begun anew; builds of the name that nobody asked for in a day are removed.
 */
export async function builtOnce(
  { name, key, cacheDir = defaultCacheDir(), signal }: BuildCacheOptions,
  build: (dir: string) => Promise<void>,
): Promise<string> {
  const dir = join(cacheDir, `${name}-${key}`)
  await mkdir(cacheDir, { recursive: true })
  using _lock = await acquireFileLock(join(cacheDir, `${name}.lock`), {
    clock: systemClock,
    timeoutMs: waitLimitMs,
    ...(signal === undefined ? {} : { signal }),
  })
  if (!(await isThere(dir))) {
    await removeOthers(cacheDir, `${name}-`)
    const partDir = `${dir}.part`
    await mkdir(partDir)
    await build(partDir)
    await rename(partDir, dir)
  }
  const now = new Date()
  await utimes(dir, now, now)
  return dir
}

function defaultCacheDir(): string {
  return process.env['MOUNTBAR_RIG_CACHE'] ?? join(import.meta.dirname, '../../.cache/rig')
}

/** Whoever still runs from a build that is removed here keeps its files open. */
async function removeOthers(cacheDir: string, prefix: string): Promise<void> {
  const oldest = Date.now() - keepUnusedMs
  for (const name of await readdir(cacheDir)) {
    const path = join(cacheDir, name)
    if (!name.startsWith(prefix)) continue
    if (name.endsWith('.part') || (await stat(path)).mtimeMs < oldest)
      await rm(path, { recursive: true, force: true })
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
