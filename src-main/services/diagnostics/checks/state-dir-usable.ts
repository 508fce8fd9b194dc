import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { failed, passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

export const stateDirUsable: Check<Pick<DiagnosticsContext, 'dirs'>> = {
  id: 'state-dir',
  title: 'Folder for Mountbar’s own data',
  severity: 'problem',
  applicable: () => true,
  check: async ({ dirs }) => {
    const { stateDir } = dirs
    const probePath = join(stateDir, `.doctor-${process.pid}`)
    try {
      await mkdir(stateDir, { recursive: true, mode: 0o700 })
      await writeFile(probePath, 'mountbar', { mode: 0o600 })
      await rm(probePath)
    } catch (error) {
      return failed(
        `Nothing can be written to “${stateDir}” (${codeOf(error)}).`,
        `Make it writable for you: chmod u+rwx "${stateDir}"`,
        'Or choose another folder with the environment variable MOUNTBAR_HOME.',
      )
    }
    const { mode } = await stat(stateDir)
    const permissions = (mode & 0o777).toString(8)
    return (mode & 0o077) === 0
      ? passed(stateDir)
      : failed(
          `Other users of this machine can look into “${stateDir}” (its mode is ${permissions}).`,
          `Close it: chmod 700 "${stateDir}"`,
        )
  },
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
