import { AppError, isAppError } from '../../shared/errors.ts'
import { frontConfigOf } from './drive.ts'
import type { Drive } from './drive.ts'
import { actionsFor } from './observe-drive.ts'
import type { ObservedDrive } from './observe-drive.ts'
import type { OwnedFront } from './ports.ts'
import type { StartDeps } from './start-drive.ts'

export interface UnmountOptions {
  /** Also when files are open or the front is gone; unsaved data is lost. */
  readonly force: boolean
  readonly signal: AbortSignal
}

/**
 * Unmounts a drive whichever process keeps it, and resolves when volume and front are gone: the keeper ends by itself once
 * its volume has. A volume that lost its front gets one for the time of unmounting, so that its client can hand over what it
 * still holds; only `force` does without.
 * @throws AppError `not-mounted`, `unmount-busy`, `unmount-failed`, `port-taken`, `command-timeout`, `cancelled`.
 */
export async function unmountDrive(
  observed: ObservedDrive,
  { force, signal }: UnmountOptions,
  { fronts, volumes, dirs }: Pick<StartDeps, 'fronts' | 'volumes' | 'dirs'>,
): Promise<void> {
  const { drive } = observed
  const actions = actionsFor(observed, { wanted: false })
  if (actions.length === 0) throw new AppError('not-mounted', { name: drive.name })

  for (const action of actions) {
    if (action.type === 'unmount' && volumes !== undefined) {
      const needsFront = observed.front === 'none' && !force
      const standIn = needsFront ? await startStandIn(drive, signal, { fronts, dirs }) : undefined
      try {
        await volumes.unmount(action.mountPoint, { force })
      } finally {
        await standIn?.stop()
      }
    }
    if (action.type === 'stop-front') {
      // The keeper has often been faster: it sees the volume go and stops the front itself.
      await using front = await fronts.connect(drive.id)
      await front?.shutdown()
    }
  }
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
