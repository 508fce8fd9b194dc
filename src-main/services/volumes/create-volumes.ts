import { dirname } from 'node:path'

import { isSameUrl } from '../../core/same-url.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { WaitTimeoutError, waitFor } from '../../lib/wait-for.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import { prepareMountPoint, removeMountPoint, resolveMountPoint } from './mount-point.ts'
import type { MountedVolume, MountRequest, VolumeDriver, Volumes } from './volumes.ts'

export interface CreateVolumesDeps {
  readonly driver: VolumeDriver
  readonly clock: Clock
  readonly log: Logger
  /** Mount points directly in it are the app's own: they go with their volume. A folder the user chose stays. */
  readonly volumesDir: string
}

/** The commands have returned; the table follows at once or not at all. */
const tableLimitMs = 5_000

const lateLookMs = 100

export function createVolumes({ driver, clock, log, volumesDir }: CreateVolumesDeps): Volumes {
  const volumeAt = async (mountPoint: string): Promise<MountedVolume | undefined> =>
    // The last one mounted on a path is the one that is seen there.
    (await driver.list()).findLast((volume) => volume.mountPoint === mountPoint)

  const isMounted = async ({ url, mountPoint }: MountRequest): Promise<boolean> => {
    const volume = await volumeAt(mountPoint)
    return volume !== undefined && isSameUrl(volume.url, url)
  }

  const checkFree = async ({ url, mountPoint }: MountRequest): Promise<void> => {
    const volumes = await driver.list()
    const same = volumes.find((volume) => isSameUrl(volume.url, url))
    if (same !== undefined) throw new AppError('already-mounted', { mountPoint: same.mountPoint })
    if (volumes.some((volume) => volume.mountPoint === mountPoint)) {
      throw new AppError('mount-point-in-use', { mountPoint })
    }
  }

  const attach = async (request: MountRequest): Promise<void> => {
    await driver.attach(request)
    try {
      await waitFor(() => isMounted(request), { clock, timeoutMs: tableLimitMs })
    } catch (error) {
      if (!(error instanceof WaitTimeoutError)) throw error
      throw new AppError('mount-refused', {
        mountPoint: request.mountPoint,
        reason: 'the volume did not appear',
      })
    }
    if (request.signal?.aborted === true) throw cancelledBy(request.signal)
  }

  /** A command that was ended half way may mount all the same, at once or a little later. */
  const undo = async ({ url, mountPoint }: MountRequest, cause: unknown): Promise<void> => {
    const wasEnded = isAppError(cause, 'cancelled', 'mount-timeout')
    const deadlineMs = clock.monotonicMs() + (wasEnded ? driver.lateMountMs : 0)
    for (;;) {
      const volume = (await driver.list()).find((found) => isSameUrl(found.url, url))
      if (volume !== undefined) {
        log.warn('volumes', 'undo-mount', { mountPoint })
        await driver.detach(volume, { force: true })
        return
      }
      if (clock.monotonicMs() >= deadlineMs) return
      await clock.sleep(lateLookMs)
    }
  }

  const mount = async (request: MountRequest): Promise<void> => {
    if (request.signal?.aborted === true) throw cancelledBy(request.signal)
    const obstacle = await driver.available()
    if (obstacle !== undefined) throw obstacle
    await checkFree(request)
    const made = await prepareMountPoint(request.mountPoint)
    try {
      await attach(request)
    } catch (error) {
      await undo(request, error).catch((failure: unknown) =>
        log.error('volumes', 'undo-failed', { error: failure }),
      )
      if (made) await removeMountPoint(request.mountPoint)
      throw error
    }
  }

  const unmount: Volumes['unmount'] = async (mountPoint, options) => {
    const volume = await volumeAt(mountPoint)
    if (volume === undefined || !driver.owns(volume)) throw new AppError('not-mounted', { mountPoint })
    const { busy, reason } = await driver.detach(volume, options)
    const left = await volumeAt(mountPoint)
    if (left !== undefined && isSameUrl(left.url, volume.url)) {
      throw new AppError(busy ? 'unmount-busy' : 'unmount-failed', { mountPoint, reason })
    }
    if (dirname(mountPoint) === (await resolveMountPoint(volumesDir))) await removeMountPoint(mountPoint)
  }

  return {
    kind: driver.kind,
    available: () => driver.available(),
    list: () => driver.list(),
    reveal: (mountPoint) => driver.reveal(mountPoint),
    mount: async (request) => {
      const mountPoint = await resolveMountPoint(request.mountPoint)
      const startMs = clock.monotonicMs()
      await mount({ ...request, mountPoint })
      log.info('volumes', 'mounted', { mountPoint, ms: Math.round(clock.monotonicMs() - startMs) })
    },
    unmount: async (mountPoint, options) => {
      const resolved = await resolveMountPoint(mountPoint)
      await unmount(resolved, options)
      log.info('volumes', 'unmounted', { mountPoint: resolved, force: options.force })
    },
  }
}

function cancelledBy(signal: AbortSignal): AppError {
  return new AppError('cancelled', {}, { cause: signal.reason })
}
