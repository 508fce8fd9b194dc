import { mkdir, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'

import { failed, passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

/** Clients keep whole files in a temporary folder while they are open. */
const neededBytes = 5e9

export const diskSpace: Check<Pick<DiagnosticsContext, 'dirs'>> = {
  id: 'disk-space',
  title: 'Free disk space',
  severity: 'advice',
  applicable: () => true,
  check: async ({ dirs }) => {
    await mkdir(dirs.stateDir, { recursive: true, mode: 0o700 })
    const free = await Promise.all([dirs.stateDir, tmpdir()].map(freeBytes))
    const least = Math.min(...free)
    const gigabytes = `${(least / 1e9).toFixed(1)} GB`
    return least >= neededBytes
      ? passed(gigabytes)
      : failed(
          `Only ${gigabytes} are free. An open file of a volume takes its full size of disk space, so large ones will not open.`,
          'Make room on the disk of your home folder and of temporary files.',
        )
  },
}

async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}
