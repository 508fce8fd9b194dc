import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { findProgram } from '../../../scripts/debian/find-program.ts'

const sourcePath = fileURLToPath(new URL('delayfs.c', import.meta.url))
const run = promisify(execFile)

/** What stands in the way of a delayed file system here, in words for a person; `undefined` when nothing does. */
export async function whyNoDelayfs(): Promise<string | undefined> {
  const packages = [
    ...(findProgram('gcc') === undefined ? ['gcc', 'libc6-dev'] : []),
    ...(findProgram('pkg-config') === undefined ? ['pkg-config'] : []),
    ...((await hasFuseHeaders()) ? [] : ['libfuse3-dev']),
    ...(findProgram('fusermount3') === undefined ? ['fuse3'] : []),
  ]
  if (packages.length > 0) return `apt-get install ${packages.join(' ')}`
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK)
    return undefined
  } catch {
    return '/dev/fuse cannot be opened here'
  }
}

/** Compiles it into `dir`; the path of the program. @throws with what the compiler said. */
export async function buildDelayfs(dir: string, signal: AbortSignal): Promise<string> {
  const programPath = join(dir, 'delayfs')
  const { stdout } = await run('pkg-config', ['--cflags', '--libs', 'fuse3'], { signal })
  const fuseFlags = stdout.trim().split(/\s+/)
  await run('gcc', ['-O2', '-Wall', '-Wextra', '-o', programPath, sourcePath, ...fuseFlags], { signal })
  return programPath
}

async function hasFuseHeaders(): Promise<boolean> {
  try {
    await run('pkg-config', ['--exists', 'fuse3 >= 3.12'])
    return true
  } catch {
    return false
  }
}
