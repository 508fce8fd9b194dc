import type { Clock } from '../../lib/clock.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import { frontConfigOf, frontStateDirOf } from './drive.ts'
import type { Drive } from './drive.ts'
import { followDelivery } from './follow-delivery.ts'
import { actionsFor } from './observe-drive.ts'
import type { ObservedDrive } from './observe-drive.ts'
import type { KeptUploads, OwnedFront, UploadsReport } from './ports.ts'
import type { StartDeps } from './start-drive.ts'

export interface UnmountOptions {
  /** Also when files are open or the front is gone; unsaved data is lost. */
  readonly force: boolean
  /** Off: ends the front without waiting for it to deliver what is pending. */
  readonly wait: boolean
  /** Before the volume is gone: starts nothing more. After: waits no longer for deliveries. */
  readonly signal: AbortSignal
  /** Hears every half second of what is pending, while the front delivers. */
  readonly onDelivering: (report: UploadsReport) => void
}

export interface UnmountEnd {
  /** On after an abort: the drive's keeper goes on delivering by itself, and ends then. */
  readonly isDelivering: boolean
  /** What lies on this machine for the next mount; not known while it is delivered. */
  readonly kept?: KeptUploads
}

export type UnmountDeps = Pick<StartDeps, 'fronts' | 'volumes' | 'dirs'> & { readonly clock: Clock }

/**
 * Unmounts a drive whichever process keeps it, waits until what was saved has been delivered, and resolves when volume and front
 * are gone: the keeper ends by itself once its front has. A volume that lost its front gets one for the time of unmounting, so
 * that its client can hand over what it still holds; only `force` does without.
 * @throws AppError `not-mounted`, `unmount-busy`, `unmount-failed`, `port-taken`, `command-timeout`, `cancelled`.
 */
export async function unmountDrive(
  observed: ObservedDrive,
  options: UnmountOptions,
  deps: UnmountDeps,
): Promise<UnmountEnd> {
  const { drive } = observed
  const actions = actionsFor(observed, { wanted: false })
  if (actions.length === 0) throw new AppError('not-mounted', { name: drive.name })

  const needsFront = observed.hasVolume && observed.front === 'none' && !options.force
  await using cleanup = new AsyncDisposableStack()
  if (needsFront) {
    const standIn = await startStandIn(drive, options.signal, deps)
    cleanup.defer(() => standIn.stop())
  }
  for (const action of actions) {
    if (action.type === 'unmount') await deps.volumes?.unmount(action.mountPoint, options)
  }
  const ended = await endFront(drive, options, deps)
  // A front of this process ends with it, whatever is pending.
  const isDelivering = !ended && !needsFront
  await cleanup.disposeAsync()
  if (isDelivering) return { isDelivering }
  return { isDelivering, kept: await deps.fronts.keptUploads(frontStateDirOf(drive, deps.dirs)) }
}

/** @returns whether it has ended, which it has not when the wait for it was cut short. */
async function endFront(
  drive: Drive,
  { wait, signal, onDelivering }: UnmountOptions,
  { fronts, dirs, clock }: UnmountDeps,
): Promise<boolean> {
  if (!wait) {
    // The keeper has often been faster: it sees the volume go and stops the front itself.
    await using front = await fronts.connect(drive.id)
    await front?.shutdown()
    return true
  }
  const isPending = async (): Promise<boolean> => {
    const { count, attention } = await fronts.keptUploads(frontStateDirOf(drive, dirs))
    return count > attention
  }
  const follow = { signal, onReport: onDelivering }
  return (await followDelivery(drive.id, follow, { fronts, isPending, clock })) === 'ended'
}

/** @throws AppError `unmount-failed` {name, reason}, whose way out is force: without a front nothing can be handed over. */
async function startStandIn(
  drive: Drive,
  signal: AbortSignal,
  { fronts, dirs }: Pick<StartDeps, 'fronts' | 'dirs'>,
): Promise<OwnedFront> {
  try {
    return await fronts.start(frontConfigOf(drive, dirs), signal)
  } catch (error) {
    if (isAppError(error, 'port-taken', 'cancelled')) throw error
    const reason = 'its server could not be started to take over what the volume still holds'
    throw new AppError('unmount-failed', { name: drive.name, reason }, { cause: error })
  }
}
