import type { Containment } from './containment.ts'
import type { Lanes } from './lanes.ts'
import type { Replacements } from './replacements.ts'
import type { TemporaryFiles } from './temporary-files.ts'

/** What all operations on the files share. */
export interface Tree {
  readonly containment: Containment
  readonly lanes: Lanes
  readonly temporaries: TemporaryFiles
  readonly replacements: Replacements
  readonly readOnly: boolean
  /** Whether a new name is only safe once its directory was synced. */
  readonly syncsDirectories: boolean
}
