import type { PreparingStep } from '../../shared/drive-state.ts'
import type { Logger } from '../../lib/logger.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import type { BridgeReport } from '../../shared/front-protocol.ts'
import { frontConfigOf } from './drive.ts'
import type { Drive, DriveDirs } from './drive.ts'
import type { DriveRegistry } from './drive-registry.ts'
import { actionsFor, observeDrives } from './observe-drive.ts'
import type { ObservedDrive } from './observe-drive.ts'
import type { Bridges, Fronts, KeptBridge, OwnedFront, Volumes } from './ports.ts'
import { canonicalFolder, refuseLoop } from './sandbox-source.ts'

export interface StartDeps {
  readonly registry: Pick<DriveRegistry, 'setPort'>
  readonly fronts: Fronts
  readonly bridges: Bridges
  readonly volumes: Volumes | undefined
  readonly dirs: DriveDirs
  readonly log: Logger
}

export interface StartOptions {
  readonly signal: AbortSignal
  /** Off: serve the drive by WebDAV alone, for machines that cannot mount. */
  readonly withVolume: boolean
  readonly onStep: (step: PreparingStep) => void
}

/** A drive that runs: whoever holds this owns what is in it, and ends the volume first, then the front, then the bridge. */
export interface StartedDrive {
  /** With the port it really has. */
  readonly drive: Drive
  readonly front: OwnedFront
  /** Of a drive whose files are in S3 Files. It outlives the front, which delivers through it. */
  readonly bridge?: KeptBridge
  /** Absent when the drive is served without a volume. */
  readonly mountPoint?: string
  /** The port the drive had before, when somebody else had taken it. */
  readonly formerPort?: number
}

/**
 * Starts the bridge where there is one, then the front, and mounts the volume. A volume that lost its front gets a new one on the same URL and stays mounted. A front
 * that only delivers what was saved before the last unmount hands that over to the new one.
 * When it rejects, also by `signal`, what had been started is ended again in reverse order.
 * @throws AppError `already-mounted`, `busy` (another process is at it), `port-taken`, `mount-point-inside-source`, `cancelled`, and all that
 * a bridge, a front and a volume reject with.
 */
export async function startDrive(
  drive: Drive,
  { signal, withVolume, onStep }: StartOptions,
  deps: StartDeps,
): Promise<StartedDrive> {
  onStep('checking')
  if (drive.kind === 'sandbox') await canonicalFolder(drive.sourceDir)
  const volumes = withVolume ? await usableVolumes(deps.volumes) : undefined
  const { observed, needsMount } = await planStart(drive, deps)
  if (volumes !== undefined && drive.kind === 'sandbox') {
    await refuseLoop(drive.sourceDir, observed.mountPoint)
  }

  await using started = new AsyncDisposableStack()
  const undo = (what: string, end: () => Promise<void>): void => {
    started.defer(async () => {
      await end().catch((error: unknown) => deps.log.warn('drive', `${what} failed`, { id: drive.id, error }))
    })
  }

  const bridge = drive.kind === 's3files' ? await deps.bridges.start(drive, { signal, onStep }) : undefined
  if (bridge !== undefined) undo('stopping the bridge', () => bridge.stop())
  const ofBridge = bridge === undefined ? {} : { bridge }

  onStep('starting-front')
  const front = await startFrontAnywhere(drive, observed, bridge?.report, signal, deps)
  undo('stopping the front', () => front.stop())
  const formerPort = front.port === drive.port ? {} : { formerPort: drive.port }
  const actual = front.port === drive.port ? drive : await deps.registry.setPort(drive.id, front.port)

  if (volumes === undefined) {
    started.move()
    return { drive: actual, front, ...ofBridge, ...formerPort }
  }

  const { mountPoint } = observed
  if (needsMount) {
    onStep('mounting')
    const { name, readOnly } = drive
    await volumes.mount({ url: front.url, mountPoint, name, readOnly, signal })
    undo('unmounting', () => volumes.unmount(mountPoint, { force: true }))
    if (signal.aborted) throw new AppError('cancelled')
  }
  started.move()
  return { drive: actual, front, ...ofBridge, mountPoint, ...formerPort }
}

async function usableVolumes(volumes: Volumes | undefined): Promise<Volumes> {
  if (volumes === undefined) throw new AppError('mounter-missing')
  const obstacle = await volumes.available()
  if (obstacle !== undefined) throw obstacle
  return volumes
}

interface StartPlan {
  readonly observed: ObservedDrive
  /** Off when the volume is there already and only lacks its front. */
  readonly needsMount: boolean
}

/** What is missing for the drive to run. A front is always missing: one that is there belongs to another process. */
async function planStart(drive: Drive, deps: StartDeps): Promise<StartPlan> {
  let observed = await observeOne(drive, deps)
  if (observed.state.kind === 'delivering') {
    await using delivering = await deps.fronts.connect(drive.id)
    await delivering?.shutdown()
    observed = await observeOne(drive, deps)
  }
  const actions = actionsFor(observed, { wanted: true }).map(({ type }) => type)
  if (!actions.includes('start-front')) {
    const { name } = drive
    throw observed.hasVolume
      ? new AppError('already-mounted', { name, mountPoint: observed.mountPoint })
      : new AppError('busy', { name })
  }
  return { observed, needsMount: actions.includes('mount') }
}

async function observeOne(drive: Drive, deps: StartDeps): Promise<ObservedDrive> {
  const [observed] = await observeDrives([drive], deps)
  if (observed === undefined) throw new AppError('drive-unknown', { name: drive.name })
  return observed
}

/**
 * Starts the front on the drive's port, or on another one when somebody else has taken that. A volume that is there
 * already allows no other port: its URL is its identity.
 */
async function startFrontAnywhere(
  drive: Drive,
  { hasVolume }: ObservedDrive,
  report: BridgeReport | undefined,
  signal: AbortSignal,
  { fronts, dirs }: StartDeps,
): Promise<OwnedFront> {
  const config = frontConfigOf(drive, dirs, report)
  try {
    return await fronts.start(config, signal)
  } catch (error) {
    if (isAppError(error, 'busy')) throw new AppError('busy', { name: drive.name }, { cause: error })
    if (!isAppError(error, 'port-taken')) throw error
    await using own = await fronts.connect(drive.id)
    if (own !== undefined) throw new AppError('busy', { name: drive.name }, { cause: error })
    if (hasVolume) throw new AppError('port-taken', { port: drive.port, name: drive.name }, { cause: error })
    return await fronts.start({ ...config, port: 0 }, signal)
  }
}
