import { isSameUrl } from '../../core/same-url.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Volumes } from './ports.ts'

/** How often the mount table is read: the longest a front outlives a volume that was ejected elsewhere. */
const pollMs = 1_000

export interface VolumeWatchDeps {
  readonly volumes: Pick<Volumes, 'list'>
  readonly clock: Clock
  readonly log: Logger
}

/** Whether the mount table has a volume of this URL. A table that cannot be read proves nothing: then it counts as there. */
export async function isVolumeThere(
  url: string,
  { volumes, log }: Omit<VolumeWatchDeps, 'clock'>,
): Promise<boolean> {
  try {
    return (await volumes.list()).some((entry) => isSameUrl(entry.url, url))
  } catch (error) {
    log.warn('drive', 'mount table not readable', { error })
    return true
  }
}

/** Resolves with true when the volume has left the mount table, with false when `signal` is aborted first. */
export async function untilVolumeGone(
  url: string,
  signal: AbortSignal,
  deps: VolumeWatchDeps,
): Promise<boolean> {
  do {
    try {
      await deps.clock.sleep(pollMs, signal)
    } catch {
      return false
    }
  } while (await isVolumeThere(url, deps))
  return true
}
