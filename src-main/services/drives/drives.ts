import { AppError } from '../../shared/errors.ts'
import { mountPointOf } from './drive.ts'
import type { Drive } from './drive.ts'
import { createDriveRegistry } from './drive-registry.ts'
import type { DriveRegistry } from './drive-registry.ts'
import { driveUploads, withFront } from './drive-uploads.ts'
import type { DriveUploads } from './drive-uploads.ts'
import { forgetDrive } from './forget-drive.ts'
import type { ForgetOptions } from './forget-drive.ts'
import { keepDrive } from './keep-drive.ts'
import type { KeepDeps, KeptDrive } from './keep-drive.ts'
import { observeDrives } from './observe-drive.ts'
import type { ObservedDrive } from './observe-drive.ts'
import type { ConnectedFront, DriveList, KeptUploads } from './ports.ts'
import { shareTable } from './shared-table.ts'
import type { StartOptions } from './start-drive.ts'
import { unmountDrive } from './unmount-drive.ts'
import type { UnmountEnd, UnmountOptions } from './unmount-drive.ts'
import { wakeFronts } from './wake-fronts.ts'

/** All that can be done with drives. What runs is observed at each call; nothing is remembered between calls. */
export interface Drives {
  readonly registry: DriveRegistry
  mountPointOf(drive: Drive): string
  observe(drive: Drive): Promise<ObservedDrive>
  /** Of the whole list where `drives` does not say which. */
  observeAll(drives?: readonly Drive[]): Promise<readonly ObservedDrive[]>
  /** @see keepDrive */
  keep(drive: Drive, options: StartOptions): Promise<KeptDrive>
  /** @see unmountDrive */
  unmount(observed: ObservedDrive, options: UnmountOptions): Promise<UnmountEnd>
  /** What a drive's front has to deliver, or what it has left on this machine. @throws AppError `front-timeout`. */
  uploads(drive: Drive): Promise<DriveUploads>
  /** Speaks with the drive's front about its uploads. @throws AppError `not-mounted` {name} when none runs. */
  withFront<T>(drive: Drive, action: (front: ConnectedFront) => Promise<T>): Promise<T>
  /** The machine woke up, or its network changed; keepers notice the first by themselves. @see wakeFronts */
  wake(): Promise<void>
  /** Why this machine cannot mount; nothing when it can. */
  obstacleToMounting(): Promise<AppError | undefined>
  /** Shows the volume in the file manager. @throws AppError `not-mounted` {name}, `mounter-missing`, `command-failed`. */
  reveal(drive: Drive): Promise<void>
  /** @see forgetDrive */
  forget(drive: Drive, options: ForgetOptions): Promise<KeptUploads>
}

export interface DrivesDeps extends Omit<KeepDeps, 'registry' | 'sharedTable'> {
  readonly drives: DriveList
}

export function createDrives(deps: DrivesDeps): Drives {
  const { volumes, dirs } = deps
  const registry = createDriveRegistry(deps)
  const sharedTable = volumes === undefined ? undefined : shareTable(volumes, deps.clock)

  const observe = async (drive: Drive): Promise<ObservedDrive> => {
    const [observed] = await observeDrives([drive], deps)
    if (observed === undefined) throw new AppError('drive-unknown', { name: drive.name })
    return observed
  }

  return {
    registry,
    mountPointOf: (drive) => mountPointOf(drive, dirs),
    observe,
    observeAll: async (drives) => await observeDrives(drives ?? (await registry.list()), deps),
    keep: (drive, options) => keepDrive(drive, options, { ...deps, registry, sharedTable }),
    unmount: (observed, options) => unmountDrive(observed, options, deps),
    wake: async () => await wakeFronts(await registry.list(), deps),
    obstacleToMounting: async () => {
      return volumes === undefined ? new AppError('mounter-missing') : await volumes.available()
    },
    reveal: async (drive) => {
      const { hasVolume, mountPoint } = await observe(drive)
      if (!hasVolume || volumes === undefined) throw new AppError('not-mounted', { name: drive.name })
      await volumes.reveal(mountPoint)
    },
    uploads: (drive) => driveUploads(drive, deps),
    withFront: (drive, action) => withFront(drive, action, deps),
    forget: async (drive, options) => await forgetDrive(await observe(drive), options, { ...deps, registry }),
  }
}
