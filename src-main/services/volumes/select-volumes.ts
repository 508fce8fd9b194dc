import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { RunProcess } from '../../lib/run-process.ts'
import { createVolumes } from './create-volumes.ts'
import { createDavfsDriver } from './davfs-driver.ts'
import { createMacosDriver } from './macos-driver.ts'
import type { VolumeDriver, Volumes } from './volumes.ts'

export interface VolumesDeps {
  readonly run: RunProcess
  readonly clock: Clock
  readonly log: Logger
  /** Where the mounter's own configuration lives (davfs2). */
  readonly stateDir: string
  /** Mount points directly in it are removed with their volume. */
  readonly volumesDir: string
}

/** The mounter of this platform; `undefined` where there is none. */
export function selectVolumes(platform: NodeJS.Platform, deps: VolumesDeps): Volumes | undefined {
  const driver = driverFor(platform, deps)
  return driver === undefined ? undefined : createVolumes({ ...deps, driver })
}

function driverFor(platform: NodeJS.Platform, deps: VolumesDeps): VolumeDriver | undefined {
  if (platform === 'darwin') return createMacosDriver(deps.run)
  if (platform !== 'linux') return undefined
  const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  return createDavfsDriver({ ...deps, owner })
}
