import { isAppError } from '../../shared/errors.ts'
import type { DriveState } from '../../shared/drive-state.ts'
import { reconcile } from '../../core/reconcile.ts'
import type { DriveAction } from '../../core/reconcile.ts'
import { isSameUrl } from '../../core/same-url.ts'
import { frontStateDirOf, mountPointOf, urlOf } from './drive.ts'
import type { Drive, DriveDirs } from './drive.ts'
import type { Fronts, FrontStatus, KeptUploads, VolumeTableEntry, Volumes } from './ports.ts'

/** One drive as the mount table and its front's control socket show it at this moment. */
export interface ObservedDrive {
  readonly drive: Drive
  readonly url: string
  /** Where the volume is, or would be. */
  readonly mountPoint: string
  readonly state: DriveState
  readonly hasVolume: boolean
  /** `silent`: a front is there and does not answer in time. */
  readonly front: 'none' | 'silent' | 'answers'
  /** Only of a front that answers. */
  readonly frontStatus?: FrontStatus
  /** Only where no front runs, and has left uploads for the next mount. */
  readonly kept?: KeptUploads
}

export interface ObserveDeps {
  readonly fronts: Pick<Fronts, 'connect' | 'keptUploads'>
  /** Absent where this machine has no mounter: then nothing is mounted. */
  readonly volumes: Pick<Volumes, 'list'> | undefined
  readonly dirs: DriveDirs
}

/** What runs, for each drive in the order given. Mounted paths are not touched. */
export async function observeDrives(
  drives: readonly Drive[],
  deps: ObserveDeps,
): Promise<readonly ObservedDrive[]> {
  const table = (await deps.volumes?.list()) ?? []
  return await Promise.all(drives.map((drive) => observeDrive(drive, table, deps)))
}

/** What has to be done, in this order, for the drive to run or not to run. */
export function actionsFor(
  { drive, url, mountPoint, hasVolume, front }: ObservedDrive,
  { wanted }: { readonly wanted: boolean },
): readonly DriveAction[] {
  return reconcile([{ id: drive.id, url, mountPoint, wanted }], {
    fronts: front === 'none' ? [] : [{ driveId: drive.id, url }],
    volumes: hasVolume ? [{ url, mountPoint }] : [],
  })
}

async function observeDrive(
  drive: Drive,
  table: readonly VolumeTableEntry[],
  deps: ObserveDeps,
): Promise<ObservedDrive> {
  const url = urlOf(drive)
  const volume = table.find((entry) => isSameUrl(entry.url, url))
  const front = await observeFront(drive, deps)
  const mountPoint = volume?.mountPoint ?? mountPointOf(drive, deps.dirs)
  const hasVolume = volume !== undefined
  return { drive, url, mountPoint, hasVolume, ...front, state: stateOf(mountPoint, hasVolume, front) }
}

type ObservedFront = Pick<ObservedDrive, 'front' | 'frontStatus' | 'kept'>

async function observeFront(drive: Drive, { fronts, dirs }: ObserveDeps): Promise<ObservedFront> {
  try {
    await using connection = await fronts.connect(drive.id)
    if (connection !== undefined) return { front: 'answers', frontStatus: await connection.status() }
  } catch (error) {
    if (isAppError(error, 'front-timeout')) return { front: 'silent' }
    if (!isAppError(error, 'front-died')) throw error
  }
  const kept = await fronts.keptUploads(frontStateDirOf(drive, dirs))
  return kept.count === 0 ? { front: 'none' } : { front: 'none', kept }
}

function stateOf(path: string, hasVolume: boolean, { front, frontStatus }: ObservedFront): DriveState {
  if (!hasVolume && front === 'none') return { kind: 'unmounted' }
  if (!hasVolume && frontStatus?.draining === true) return { kind: 'delivering' }
  // Any other front without a volume is a mount or an unmount under way in another process.
  if (!hasVolume) return { kind: 'preparing', step: 'mounting' }
  if (front === 'none') return { kind: 'mounted', path, degraded: 'front-down' }
  const isStalled = front === 'silent' || frontStatus?.health === 'stalled'
  return isStalled ? { kind: 'mounted', path, degraded: 'front-stalled' } : { kind: 'mounted', path }
}
