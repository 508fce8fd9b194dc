import { accessSync, constants } from 'node:fs'

import { describe, test } from 'vitest'

import { findProgram } from '../../scripts/debian/find-program.ts'
import { isRootOnDebian, readHost, type Host } from '../../scripts/debian/host.ts'
import { testPackages, type TestPackageName } from '../../scripts/debian/packages.ts'
import { notRunTitle } from '../../scripts/test/not-run.ts'
import { canMountTmpfs } from './tmpfs.ts'

/**
 * What a suite may need of the machine. A package's name means that its program is there; `davfs2` means that a volume
 * can really be mounted (Linux, root, /dev/fuse); `tmpfs` that a small file system can be, to be filled up.
 */
export type Need = TestPackageName | 'root' | 'tmpfs' | 'linux' | 'macos' | 'x64'

type Describe = (title: string, body: () => void) => void

/**
 * `describe` for a suite that cannot run on every machine: `needs('davfs2', 'rsync')('rsync on a mounted volume', () => …)`.
 * Where something is missing the suite is skipped with the reason in its title, which `npm test` lists at the end.
 * In CI on a Debian machine of our own (`CI=true`, root) nothing may be missing: there the suite fails instead.
 */
export function needs(...names: readonly Need[]): Describe {
  const host = readHost()
  const missing = names.map((name) => missingBecause(name, host)).filter((reason) => reason !== undefined)
  if (missing.length === 0) return (title, body) => void describe(title, body)
  const reason = missing.join(', ')
  if (mustHaveAll(process.env, host)) return (title) => void describe(title, () => failFor(reason))
  return (title, body) => void describe.skip(notRunTitle(title, reason), body)
}

/** The absolute path of a package's program. Call it inside a suite that declared the need. */
export function programOf(name: TestPackageName): string {
  const path = findProgram(packageNamed(name).program)
  if (path === undefined) throw new Error(`${name} is not installed; declare it with needs('${name}')`)
  return path
}

/** Why `name` is not there, or `undefined` when it is. */
export function missingBecause(
  name: Need,
  host: Host,
  find: typeof findProgram = findProgram,
): string | undefined {
  if (name === 'root') return host.isRoot ? undefined : 'not root'
  if (name === 'tmpfs') return cannotMountTmpfsBecause(host)
  if (name === 'linux') return host.platform === 'linux' ? undefined : 'not Linux'
  if (name === 'macos') return host.platform === 'darwin' ? undefined : 'not macOS'
  if (name === 'x64') return process.arch === 'x64' ? undefined : 'not an x86-64 machine'
  if (find(packageNamed(name).program) === undefined) return `${name} is not installed`
  return name === 'davfs2' ? cannotMountBecause(host) : undefined
}

/** Whether a missing need is a failure: nobody would notice a skipped suite in CI. */
export function mustHaveAll(env: NodeJS.ProcessEnv, host: Host): boolean {
  return env['CI'] === 'true' && isRootOnDebian(host)
}

function cannotMountBecause(host: Host): string | undefined {
  if (host.platform !== 'linux') return 'davfs2 mounts on Linux only'
  if (!host.isRoot) return 'davfs2 mounts as root only'
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK)
    return undefined
  } catch {
    return '/dev/fuse cannot be opened'
  }
}

function cannotMountTmpfsBecause(host: Host): string | undefined {
  if (host.platform !== 'linux') return 'tmpfs is there on Linux only'
  if (!host.isRoot) return 'tmpfs is mounted as root only'
  return canMountTmpfs() ? undefined : 'mounting is not permitted'
}

function failFor(reason: string): void {
  test('has what it needs', () => {
    throw new Error(`cannot run in CI: ${reason}`)
  })
}

function packageNamed(name: TestPackageName): (typeof testPackages)[number] {
  return testPackages.find((candidate) => candidate.name === name)!
}
