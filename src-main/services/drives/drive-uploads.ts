import { AppError, isAppError } from '../../shared/errors.ts'
import { frontStateDirOf } from './drive.ts'
import type { Drive, DriveDirs } from './drive.ts'
import type { ConnectedFront, Fronts, KeptUploads, UploadsReport } from './ports.ts'

/** The uploads of one drive, as its front tells them or as it has left them behind. */
export type DriveUploads =
  | { readonly kind: 'running'; readonly report: UploadsReport }
  | { readonly kind: 'kept'; readonly kept: KeptUploads }

export interface DriveUploadsDeps {
  readonly fronts: Pick<Fronts, 'connect' | 'keptUploads'>
  readonly dirs: Pick<DriveDirs, 'stateDir'>
}

/** @throws AppError `front-timeout` when a front is there and does not answer. */
export async function driveUploads(drive: Drive, { fronts, dirs }: DriveUploadsDeps): Promise<DriveUploads> {
  await using front = await fronts.connect(drive.id)
  try {
    if (front !== undefined) return { kind: 'running', report: await front.uploads() }
  } catch (error) {
    // It ended just now.
    if (!isAppError(error, 'front-died')) throw error
  }
  return { kind: 'kept', kept: await fronts.keptUploads(frontStateDirOf(drive, dirs)) }
}

/** @throws AppError `not-mounted` {name}, and what `action` throws. */
export async function withFront<T>(
  drive: Drive,
  action: (front: ConnectedFront) => Promise<T>,
  { fronts }: Pick<DriveUploadsDeps, 'fronts'>,
): Promise<T> {
  await using front = await fronts.connect(drive.id)
  if (front === undefined) throw new AppError('not-mounted', { name: drive.name })
  return await action(front)
}
