import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { MountbarApp } from '../ports.ts'
import type { AppDrive } from './app-drive.ts'

export type StopOptions = Parameters<MountbarApp['stop']>[0]

/**
 * Unmounts `held` drives, all at once, and waits until they have ended, or `limitMs` have passed. Without `wait` what is pending is left for the next
 * mount. @returns the names of those whose volume is still there.
 */
export async function stopDrives(
  held: readonly AppDrive[],
  { wait, force, limitMs, signal }: StopOptions,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<readonly string[]> {
  const deadline = new AbortController()
  using _limit = clock.setTimeout(() => deadline.abort(), limitMs)
  const enough = AbortSignal.any([signal, deadline.signal])
  const over = Promise.withResolvers<undefined>()
  enough.addEventListener('abort', () => over.resolve(undefined), { once: true })
  if (enough.aborted) over.resolve(undefined)

  const stopOne = async (appDrive: AppDrive): Promise<void> => {
    try {
      await appDrive.unmount({ force, wait: false })
    } catch (error) {
      log.warn('app', 'volume stays', { id: appDrive.drive.id, error })
      return
    }
    const { kept } = appDrive
    if (kept === undefined) return
    if (!wait) kept.leave()
    await kept.ended
  }
  await Promise.race([Promise.all(held.map(stopOne)), over.promise])
  const stillMounted = held.filter(hasVolume)
  // Called off by a person: what is being delivered goes on being delivered. And who keeps a drive that is in use has what is saved to it delivered.
  if (!signal.aborted) held.filter((drive) => !hasVolume(drive)).forEach(({ kept }) => kept?.leave())
  return stillMounted.map(({ drive }) => drive.name)
}

function hasVolume({ kept }: AppDrive): boolean {
  const kind = kept?.state().kind
  return kind === 'mounted' || kind === 'unmounting'
}
