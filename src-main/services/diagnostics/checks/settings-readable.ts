import { passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

export const settingsReadable: Check<Pick<DiagnosticsContext, 'readSettings' | 'dirs'>> = {
  id: 'settings',
  title: 'List of drives',
  severity: 'problem',
  applicable: () => true,
  check: async ({ readSettings, dirs }) => {
    await readSettings()
    return passed(dirs.configDir)
  },
}
