import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { builtOnce } from '../build-cache.ts'
import { runBuildScript } from '../debian/run-build-script.ts'
import { vmCacheKey } from './cache-key.ts'
import { saveBootedState } from './save-state.ts'
import { vmFilesIn, type VmFiles } from './vm-files.ts'

export interface BuildVmOptions {
  readonly signal?: AbortSignal
  /** As of `builtOnce`. */
  readonly cacheDir?: string
}

/** The image in the VM's engine that containers start from: Debian, the mount programs, stunnel, Node. */
export const baseImage = 'mountbar-test-base:latest'

/** The files of the VM: two minutes and 1.2 GB when they are not in the cache. Root on Debian only: declare `needs(...vmNeeds)`. */
export async function buildVm({ signal, cacheDir }: BuildVmOptions = {}): Promise<VmFiles> {
  const key = await vmCacheKey()
  const stop = signal ?? new AbortController().signal
  return vmFilesIn(await builtOnce({ name: 'vm', key, cacheDir, signal }, (dir) => build(dir, stop)))
}

async function build(dir: string, signal: AbortSignal): Promise<void> {
  process.stderr.write('Building the VM of the test rig, once; this takes about two minutes …\n')
  const tarPath = join(dir, 'base-image.tar')
  const script = (name: string, args: readonly string[], stop = signal) =>
    runBuildScript(join(import.meta.dirname, name), args, {
      logPath: join(dir, `${name.replace('/', '-')}.log`),
      signal: stop,
    })
  await together(signal, [
    (stop) => script('build/root.sh', [dir], stop),
    (stop) => script('image/build.sh', [tarPath, process.execPath], stop),
  ])
  await script('build/seed.sh', [join(dir, 'root'), tarPath, baseImage])
  await rm(tarPath)
  await script('build/disk.sh', [dir])
  await saveBootedState(vmFilesIn(dir), signal)
}

/** All of `tasks` at once; when one fails the others are stopped, and nothing goes on behind the caller's back. */
async function together(
  signal: AbortSignal,
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const failure = new AbortController()
  const stop = AbortSignal.any([signal, failure.signal])
  const fail = (error: unknown) => failure.abort(error)
  await Promise.all(tasks.map((task) => task(stop).catch(fail)))
  stop.throwIfAborted()
}
