import { rm } from 'node:fs/promises'

import { AppError } from '../../shared/errors.ts'
import { frontStateDirOf, simulatedBucketDirOf } from './drive.ts'
import type { DriveDirs } from './drive.ts'
import type { DriveRegistry } from './drive-registry.ts'
import type { ObservedDrive } from './observe-drive.ts'
import type { Fronts, KeptUploads } from './ports.ts'

export interface ForgetOptions {
  /** Gives up for good what was saved to the drive and has not been delivered. */
  readonly discardUploads: boolean
}

export interface ForgetDeps {
  readonly fronts: Fronts
  readonly registry: Pick<DriveRegistry, 'remove'>
  readonly dirs: Pick<DriveDirs, 'stateDir'>
}

/**
 * Takes a drive that is not mounted off the list, and what was kept of it to be faster, or to stand for its bucket; its files stay. @returns the uploads that were given up for it.
 * @throws AppError `already-mounted` {name, mountPoint}, `busy`, `uploads-kept` {name, count}.
 */
export async function forgetDrive(
  { drive, state, hasVolume, front, mountPoint, frontStatus }: ObservedDrive,
  { discardUploads }: ForgetOptions,
  { fronts, registry, dirs }: ForgetDeps,
): Promise<KeptUploads> {
  const { id, name } = drive
  if (hasVolume) throw new AppError('already-mounted', { name, mountPoint })
  if (state.kind === 'delivering') {
    const { pending, attention } = frontStatus?.uploads ?? { pending: 0, attention: 0 }
    if (!discardUploads) throw new AppError('uploads-kept', { name, count: pending + attention })
    await using delivering = await fronts.connect(id)
    await delivering?.shutdown()
  } else if (front !== 'none') {
    throw new AppError('busy', { name })
  }
  const stateDir = frontStateDirOf(drive, dirs)
  const kept = await fronts.keptUploads(stateDir)
  if (kept.count > 0 && !discardUploads) throw new AppError('uploads-kept', { name, count: kept.count })
  if (kept.count > 0) await fronts.discardKeptUploads(stateDir)
  await fronts.discardTraces(id)
  await rm(simulatedBucketDirOf(drive, dirs), { recursive: true, force: true })
  await registry.remove(id)
  return kept
}
