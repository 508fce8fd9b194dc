import type { KeptDrive, KeptDriveEnd } from '../../services/drives/keep-drive.ts'
import { toAppError } from '../../shared/errors.ts'
import type { AppError } from '../../shared/errors.ts'
import type { Interrupts } from '../interrupts.ts'

export interface HoldHooks {
  /** An interrupt has come and unmounting begins. */
  onUnmounting?(): void
  /** The volume is gone, and what was saved is being delivered; the next interrupt ends that. */
  onDelivering?(): void
  /** The volume did not go (files in use); it goes on being served until the next interrupt, which forces. */
  onRefused(error: AppError): void
}

/**
 * Stays with a running drive until it ends: by itself, because its volume left the mount table, or by interrupts. The first
 * unmounts, a second one unmounts by force, or leaves for the next mount what is still being delivered.
 */
export async function holdDrive(
  kept: KeptDrive,
  interrupts: Interrupts,
  hooks: HoldHooks,
): Promise<KeptDriveEnd> {
  const unmount = async (force: boolean): Promise<void> => {
    hooks.onUnmounting?.()
    try {
      await kept.unmount({ force })
    } catch (error) {
      hooks.onRefused(toAppError(error))
    }
  }
  const isDelivering = (): boolean => kept.state().kind === 'delivering'
  using _watching = kept.stateChanged.on(() => {
    if (isDelivering()) hooks.onDelivering?.()
  })
  using _listening = interrupts.on((count) => {
    if (isDelivering()) kept.leave()
    else void unmount(count > 1)
  })
  // An interrupt between the end of starting and this moment counts too.
  if (interrupts.signal.aborted) void unmount(false)
  return await kept.ended
}
