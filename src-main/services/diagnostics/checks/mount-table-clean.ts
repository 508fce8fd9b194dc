import { failed, passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

export const mountTableClean: Check<Pick<DiagnosticsContext, 'observeDrives'>> = {
  id: 'mount-table',
  title: 'Mounted volumes',
  severity: 'problem',
  applicable: () => true,
  check: async ({ observeDrives }) => {
    const mounted = (await observeDrives()).filter(({ hasVolume }) => hasVolume)
    const orphans = mounted.filter(({ front }) => front !== 'answers').map(({ name }) => name)
    if (orphans.length === 0) return passed(`${mounted.length} mounted, each with its server`)
    return failed(
      `Mounted, but without a server that answers: ${orphans.join(', ')}. Programs that look there wait.`,
      ...orphans.map(
        (name) =>
          `Repair it with \`mountbar mount "${name}"\`, or remove it with \`mountbar unmount --force "${name}"\`.`,
      ),
    )
  },
}
