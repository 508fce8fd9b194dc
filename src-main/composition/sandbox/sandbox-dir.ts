import { join } from 'node:path'

import type { HostDirs } from '../../lib/host-dirs.ts'

/** The folder of the Sandbox, as `demo` has it, too. */
export function sandboxDirOf({ stateDir }: Pick<HostDirs, 'stateDir'>): string {
  return join(stateDir, 'Sandbox')
}
