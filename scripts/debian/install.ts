import { rm, writeFile } from 'node:fs/promises'

import { execa } from 'execa'

import { findProgram } from './find-program.ts'
import type { DebianPackage } from './packages.ts'

/** What Debian asks before a package starts its service. */
const policyPath = '/usr/sbin/policy-rc.d'

/** Installing takes minutes on a slow mirror; longer means that it hangs. */
const installTimeoutMs = 15 * 60_000

export function missingPackages(
  packages: readonly DebianPackage[],
  find: typeof findProgram = findProgram,
): readonly DebianPackage[] {
  return packages.filter(({ program }) => find(program) === undefined)
}

/**
 * Installs `packages` with apt-get, asking nobody anything (davfs2 has a question of its own). All of apt's output goes
 * to stderr, so that the caller's stdout stays its own. Returns whether it worked; never throws.
 */
export async function installPackages(packages: readonly DebianPackage[]): Promise<boolean> {
  const names = packages.map(({ name }) => name)
  return await withoutServices(
    async () =>
      (await aptGet('update')) && (await aptGet('install', '--yes', '--no-install-recommends', ...names)),
  )
}

/** Tests start servers themselves, each with files and ports of its own; none may run just because it was installed. */
async function withoutServices<T>(work: () => Promise<T>): Promise<T> {
  const isOurs = await writeFile(policyPath, '#!/bin/sh\nexit 101\n', { flag: 'wx', mode: 0o755 }).then(
    () => true,
    () => false,
  )
  try {
    return await work()
  } finally {
    if (isOurs) await rm(policyPath, { force: true })
  }
}

async function aptGet(...args: readonly string[]): Promise<boolean> {
  const result = await execa('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    stdin: 'ignore',
    stdout: process.stderr,
    stderr: 'inherit',
    timeout: installTimeoutMs,
    reject: false,
  })
  return result.exitCode === 0
}
