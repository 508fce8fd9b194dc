import { fileURLToPath } from 'node:url'

import type { StartProgram } from '../services/fronts/front-child.ts'

/** What the programs that join services know of the machine they run on. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly env: NodeJS.ProcessEnv
  readonly homeDir: string
  /** Stands in the names of files that were kept because of a conflict. */
  readonly hostName: string
  readonly nodePath: string
  readonly nodeVersion: string
  /** How fronts are started; by `nodePath` where not said otherwise. */
  readonly startProgram?: StartProgram
  /** The file that runs now; the front's bundle and the bridge's build context lie beside it. */
  readonly programUrl: string
}

export function pathBesideProgram({ programUrl }: Pick<Machine, 'programUrl'>, name: string): string {
  return fileURLToPath(new URL(name, programUrl))
}
