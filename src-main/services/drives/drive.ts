import { join } from 'node:path'

import type { FrontConfigInput, WriteMode } from '../../shared/front-protocol.ts'

/** One entry of the list of drives, in the shape the settings file holds. */
export interface Drive {
  readonly id: string
  readonly name: string
  readonly kind: 'sandbox'
  /** Absolute, symbolic links resolved: the folder the drive shows. */
  readonly sourceDir: string
  /** Where the user wants the volume; the default place when absent. */
  readonly mountPoint?: string | undefined
  readonly port: number
  readonly pathSecret: string
  readonly readOnly: boolean
  readonly writeMode: WriteMode
  readonly metadataTtlMs?: number | undefined
  /** Limits of what the drive takes of this machine's disk; the front's own defaults where absent. */
  readonly spoolMaxBytes?: number | undefined
  readonly diskReserveBytes?: number | undefined
  readonly contentCacheBytes?: number | undefined
}

/** The folders drives live in, of all that the app has. */
export interface DriveDirs {
  /** Default parent of mount points. */
  readonly volumesDir: string
  /** Holds one folder per drive for its front. */
  readonly stateDir: string
}

/** Where the drive's front answers. Known while nothing runs, because port and path stay with the drive. */
export function urlOf({ port, pathSecret }: Pick<Drive, 'port' | 'pathSecret'>): string {
  return `http://127.0.0.1:${port}/${pathSecret}/`
}

/** The mount point that was chosen, or the default one, which carries the drive's name. */
export function mountPointOf(drive: Drive, dirs: Pick<DriveDirs, 'volumesDir'>): string {
  return drive.mountPoint ?? join(dirs.volumesDir, drive.name)
}

/** The front's own folder: Finder metadata, stored properties, uploads on their way. Outlives the drive's place in the list. */
export function frontStateDirOf(drive: Pick<Drive, 'id'>, dirs: Pick<DriveDirs, 'stateDir'>): string {
  return join(dirs.stateDir, 'fronts', drive.id)
}

/** What the drive's front is told to serve; how it is controlled is the starter's business. */
export function frontConfigOf(drive: Drive, dirs: Pick<DriveDirs, 'stateDir'>): FrontConfigInput {
  return {
    driveId: drive.id,
    driveName: drive.name,
    port: drive.port,
    pathSecret: drive.pathSecret,
    backend: { kind: 'local', rootDir: drive.sourceDir },
    readOnly: drive.readOnly,
    writeMode: drive.writeMode,
    stateDir: frontStateDirOf(drive, dirs),
    metadataTtlMs: drive.metadataTtlMs,
    spoolMaxBytes: drive.spoolMaxBytes,
    diskReserveBytes: drive.diskReserveBytes,
    contentCacheBytes: drive.contentCacheBytes,
  }
}
