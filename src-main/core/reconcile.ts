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
 * Volumes are ours by exact URL, never by mount point or name.
 */
export declare function reconcile(
  desired: readonly DesiredDrive[],
  observed: Observed,
): readonly DriveAction[]
