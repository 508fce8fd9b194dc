import { failed, passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosedDrive, DiagnosticsContext } from '../context.ts'

/** Longer than any hiccup of a network: whoever saved it would want to know. */
const maxAgeMinutes = 15

export const uploads: Check<Pick<DiagnosticsContext, 'observeDrives'>> = {
  id: 'uploads',
  title: 'Saved files reach their drives',
  severity: 'problem',
  applicable: () => true,
  check: async ({ observeDrives }) => {
    const drives = await observeDrives()
    const findings = drives.map(findingOf).filter((finding) => finding !== undefined)
    if (findings.length === 0) return passed(factOf(drives))
    const fixes = new Set(findings.map(({ fix }) => fix))
    return failed(findings.map(({ description }) => description).join(' '), ...fixes)
  },
}

interface DriveFinding {
  readonly description: string
  readonly fix: string
}

/** The one thing that matters most about a drive's uploads. */
function findingOf({ name, uploads: { attention, oldestAgeMs } }: DiagnosedDrive): DriveFinding | undefined {
  if (attention > 0) {
    return {
      description: `${files(attention)} of “${name}” cannot be delivered without your help.`,
      fix: 'See why with `mountbar uploads`, then retry, export or discard them.',
    }
  }
  const minutes = Math.floor(oldestAgeMs / 60_000)
  if (minutes < maxAgeMinutes) return undefined
  return {
    description: `A file saved to “${name}” has been waiting for ${minutes} minutes.`,
    fix: 'See what keeps it with `mountbar uploads`; check the disk or the connection behind the drive.',
  }
}

/** Uploads that wait for the next mount are where they were left, and no problem. */
function factOf(drives: readonly DiagnosedDrive[]): string {
  const kept = drives.reduce((sum, { uploads: { kept: count } }) => sum + count, 0)
  return kept === 0
    ? 'none waits for long, none needs attention'
    : `${files(kept)} will be delivered at the next mount; see \`mountbar uploads\``
}

function files(count: number): string {
  return count === 1 ? '1 saved file' : `${count} saved files`
}
