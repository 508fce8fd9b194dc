import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

import { systemClock } from '../../../src-main/lib/clock.ts'
import { acquireFileLock } from '../../../src-main/lib/file-lock.ts'
import { vmCacheKey } from './cache-key.ts'
import { runBuildScript } from './run-build-script.ts'
import { saveBootedState } from './save-state.ts'
import { vmFilesIn, type VmFiles } from './vm-files.ts'

export interface BuildVmOptions {
  readonly signal?: AbortSignal
  /** Where built VMs are kept; `MOUNTBAR_VM_CACHE` or `.cache/vm` of this repository when not given. */
  readonly cacheDir?: string
}

/** The image in the VM's engine that containers start from: Debian, the mount programs, stunnel, Node. */
export const baseImage = 'mountbar-test-base:latest'

const buildLimitMs = 30 * 60_000
const keepUnusedMs = 24 * 60 * 60_000

/**
 * The files of the VM, built when they are not in the cache: two minutes, 1.5 GB. Processes that ask at the same time wait for the
 * one that builds. Must run as root on Debian (declare `needs(...vmNeeds)`). Builds that nobody used for a day are removed.
 */
export async function buildVm({
  signal,
  cacheDir = defaultCacheDir(),
}: BuildVmOptions = {}): Promise<VmFiles> {
  const dir = join(cacheDir, await vmCacheKey())
  await mkdir(cacheDir, { recursive: true })
  using _lock = await acquireFileLock(join(cacheDir, 'lock'), {
    clock: systemClock,
    timeoutMs: buildLimitMs,
    ...(signal === undefined ? {} : { signal }),
  })
  const isBuilt = (await stat(dir).catch(() => undefined)) !== undefined
  if (!isBuilt) {
    await removeOthers(cacheDir)
    await build(dir, signal ?? new AbortController().signal)
  }
  const now = new Date()
  await utimes(dir, now, now)
  return vmFilesIn(dir)
}

function defaultCacheDir(): string {
  return process.env['MOUNTBAR_VM_CACHE'] ?? join(import.meta.dirname, '../../../.cache/vm')
}

/** A folder with its final name is complete: everything is made in another one, which is renamed at last. */
async function build(dir: string, signal: AbortSignal): Promise<void> {
  process.stderr.write('Building the VM of the test rig, once; this takes about two minutes …\n')
  const workDir = `${dir}.part`
  await mkdir(workDir)
  const tarPath = join(workDir, 'base-image.tar')
  const script = (name: string, args: readonly string[], stop = signal) =>
    runBuildScript(join(import.meta.dirname, name), args, {
      logPath: join(workDir, `${name.replace('/', '-')}.log`),
      signal: stop,
    })
  await together(signal, [
    (stop) => script('build/root.sh', [workDir], stop),
    (stop) => script('image/build.sh', [tarPath, process.execPath], stop),
  ])
  await script('build/seed.sh', [join(workDir, 'root'), tarPath, baseImage])
  await rm(tarPath)
  await script('build/disk.sh', [workDir])
  await saveBootedState(vmFilesIn(workDir), signal)
  await rename(workDir, dir)
}

/** All of `tasks` at once; when one fails the others are stopped, and nothing goes on behind the caller's back. */
async function together(
  signal: AbortSignal,
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const failure = new AbortController()
  const stop = AbortSignal.any([signal, failure.signal])
  await Promise.allSettled(
    tasks.map((task) =>
      task(stop).catch((error: unknown) => {
        failure.abort(error)
        throw error
      }),
    ),
  )
  signal.throwIfAborted()
  if (failure.signal.aborted) throw failure.signal.reason
}

/** What a build that was killed left, and what is no longer used. A VM that still runs from it keeps its files open. */
async function removeOthers(cacheDir: string): Promise<void> {
  const oldest = Date.now() - keepUnusedMs
  for (const entry of await readdir(cacheDir, { withFileTypes: true })) {
    const path = join(cacheDir, entry.name)
    const isLeft = entry.name.endsWith('.part') || (await stat(path)).mtimeMs < oldest
    if (entry.isDirectory() && isLeft) await rm(path, { recursive: true, force: true })
  }
}
