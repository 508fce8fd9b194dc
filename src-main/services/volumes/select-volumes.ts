import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { RunProcess } from '../../lib/run-process.ts'
import type { Volumes } from './volumes.ts'

export interface VolumesDeps {
  readonly run: RunProcess
  readonly clock: Clock
  readonly log: Logger
  /** Where the mounter's own configuration and cache may live (davfs2). */
  readonly stateDir: string
}

/** The mounter of this platform; `undefined` where there is none. */
export declare function selectVolumes(platform: NodeJS.Platform, deps: VolumesDeps): Volumes | undefined
