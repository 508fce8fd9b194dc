import { isSameUrl } from './same-url.ts'

/** One drive of the settings file, and whether its volume should be there now. */
export interface DesiredDrive {
  readonly id: string
  /** The URL its front answers on: port and path segment are fixed per drive, so it is known while the front is down. */
  readonly url: string
  readonly mountPoint: string
  readonly wanted: boolean
}

/** A front process that answered on its control socket. */
export interface ObservedFront {
  readonly driveId: string
  readonly url: string
}

/** One line of the OS mount table, of any file system. */
export interface ObservedVolume {
  readonly url: string
  readonly mountPoint: string
}

export interface Observed {
  readonly fronts: readonly ObservedFront[]
  readonly volumes: readonly ObservedVolume[]
}

export type DriveAction =
  | { readonly type: 'unmount'; readonly driveId: string; readonly mountPoint: string }
  | { readonly type: 'stop-front'; readonly driveId: string }
  | { readonly type: 'start-front'; readonly driveId: string }
  | { readonly type: 'mount'; readonly driveId: string; readonly mountPoint: string }

/**
 * What has to be done, in this order, for the observed machine to become the desired one; empty when it already is.
 * Volumes are ours by exact URL, never by mount point or name: a drive's place taken by another volume is left alone.
 */
export function reconcile(desired: readonly DesiredDrive[], observed: Observed): readonly DriveAction[] {
  const plans = desired.map((drive) => planOf(drive, observed))
  const strays = observed.fronts.filter(({ driveId }) => !desired.some(({ id }) => id === driveId))
  const actions = [
    ...plans.flat(),
    ...strays.map(({ driveId }): DriveAction => ({ type: 'stop-front', driveId })),
  ]
  return order.flatMap((type) => actions.filter((action) => action.type === type))
}

/** A volume goes before the front it talks to, and comes after it; what must go makes room for what shall come. */
const order = ['unmount', 'stop-front', 'start-front', 'mount'] as const satisfies DriveAction['type'][]

function planOf(drive: DesiredDrive, { fronts, volumes }: Observed): DriveAction[] {
  const own = volumes.filter(({ url }) => isSameUrl(url, drive.url))
  const front = fronts.find(({ driveId }) => driveId === drive.id)
  const actions: DriveAction[] = own
    .filter(({ mountPoint }) => !drive.wanted || mountPoint !== drive.mountPoint)
    .map(({ mountPoint }) => ({ type: 'unmount', driveId: drive.id, mountPoint }))

  if (front !== undefined && (!drive.wanted || !isSameUrl(front.url, drive.url))) {
    actions.push({ type: 'stop-front', driveId: drive.id })
  }
  if (!drive.wanted) return actions

  // A volume whose front died is kept: its client finds the new front on the same URL, and unsaved data survives.
  if (front === undefined || !isSameUrl(front.url, drive.url)) {
    actions.push({ type: 'start-front', driveId: drive.id })
  }
  if (!own.some(({ mountPoint }) => mountPoint === drive.mountPoint)) {
    actions.push({ type: 'mount', driveId: drive.id, mountPoint: drive.mountPoint })
  }
  return actions
}
