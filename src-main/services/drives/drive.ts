import { join } from 'node:path'

import type { BridgeReport, FrontConfigInput, WriteMode } from '../../shared/front-protocol.ts'

/** What every entry of the list of drives has, in the shape the settings file holds. */
interface CommonDrive {
  readonly id: string
  readonly name: string
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
  /** The app mounts it when it starts. */
  readonly autoMount?: boolean | undefined
}

export interface SandboxDrive extends CommonDrive {
  readonly kind: 'sandbox'
  /** Absolute, symbolic links resolved: the folder the drive shows. */
  readonly sourceDir: string
}

export interface S3FilesDrive extends CommonDrive {
  readonly kind: 's3files'
  readonly fileSystem: FileSystem
}

/** Which S3 Files file system a drive shows, as whom, and how to get there. */
export interface FileSystem {
  readonly fileSystemId: string
  readonly region: string
  readonly accessPointId?: string | undefined
  /** The folder of it that is shown. */
  readonly remotePath: string
  /** Where TLS connects to. */
  readonly server: { readonly host: string; readonly port: number }
  /** With the way in `ssm`: the instance that forwards to `server`, which is then an address of its network. */
  readonly throughInstanceId?: string | undefined
  /** A profile of `~/.aws/config`; the default one where absent. */
  readonly profile?: string | undefined
  /** A PEM file with who may have signed the server's certificate; Amazon's roots where absent. */
  readonly caPath?: string | undefined
}

export type Drive = SandboxDrive | S3FilesDrive

/** What was read from far away is kept on this machine, by default up to this much. */
const contentCacheOfS3FilesBytes = 5 * 1024 ** 3

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

/** The folder that stands for a Sandbox's bucket; see `docs/vitals.md`. There once a file of it was saved, and gone with the drive. */
export function simulatedBucketDirOf(drive: Pick<Drive, 'id'>, dirs: Pick<DriveDirs, 'stateDir'>): string {
  return join(dirs.stateDir, 'simulated-buckets', drive.id)
}

/** Where a drive's files are, in a few words: a folder, or a file system. */
export function sourceOf(drive: Drive): string {
  if (drive.kind === 'sandbox') return drive.sourceDir
  const { fileSystemId, remotePath } = drive.fileSystem
  return remotePath === '/' ? fileSystemId : `${fileSystemId}:${remotePath}`
}

/** What the drive's front is told to serve; how it is controlled is the starter's business. `report` is the drive's bridge's. */
export function frontConfigOf(
  drive: Drive,
  dirs: Pick<DriveDirs, 'stateDir'>,
  report: BridgeReport = {},
): FrontConfigInput {
  const isFar = drive.kind === 's3files'
  return {
    driveId: drive.id,
    driveName: drive.name,
    port: drive.port,
    pathSecret: drive.pathSecret,
    backend: isFar ? { kind: 'bridge', report } : { kind: 'local', rootDir: drive.sourceDir },
    readOnly: drive.readOnly,
    writeMode: drive.writeMode,
    stateDir: frontStateDirOf(drive, dirs),
    metadataTtlMs: drive.metadataTtlMs,
    spoolMaxBytes: drive.spoolMaxBytes,
    diskReserveBytes: drive.diskReserveBytes,
    contentCacheBytes: drive.contentCacheBytes ?? (isFar ? contentCacheOfS3FilesBytes : undefined),
  }
}
