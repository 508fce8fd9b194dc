import { basename, join } from 'node:path'

import type { Drives } from '../../services/drives/drives.ts'
import { AppError } from '../../shared/errors.ts'
import type { AppDrives } from '../drives/app-drives.ts'
import type { DriveLooker } from '../drives/drive-looker.ts'
import type { Desktop } from '../ports.ts'
import type { HandlersOf } from './handlers.ts'

export interface UploadCommandParts {
  readonly appDrives: AppDrives
  readonly drives: Pick<Drives, 'withFront'>
  readonly looker: Pick<DriveLooker, 'recordOf'>
  readonly desktop: Pick<Desktop, 'chooseSavePath' | 'revealPath'>
  readonly look: () => Promise<void>
}

export function uploadCommands(parts: UploadCommandParts): HandlersOf<'upload' | 'file'> {
  const { appDrives, drives, looker, desktop, look } = parts
  return {
    'upload.retry': async ({ driveId, id }) => {
      await drives.withFront(appDrives.get(driveId).drive, (front) => front.retryUpload(id))
      await look()
    },
    'upload.discard': async ({ driveId, id }) => {
      await drives.withFront(appDrives.get(driveId).drive, (front) => front.discardUpload(id))
      await look()
    },
    'upload.export': async ({ driveId, id }) => {
      const { drive } = appDrives.get(driveId)
      const upload = looker.recordOf(driveId).uploads.find((one) => one.id === id)
      const defaultName = upload === undefined ? `Upload ${id}` : basename(upload.path)
      const path = await desktop.chooseSavePath({ title: 'Save a copy', defaultName })
      if (path !== undefined) await drives.withFront(drive, (front) => front.exportUpload(id, path))
      return { path }
    },
    'file.reveal': ({ driveId, paths }) => {
      const { state, drive } = appDrives.get(driveId)
      if (state.kind !== 'mounted') throw new AppError('not-mounted', { name: drive.name })
      for (const path of paths) desktop.revealPath(withinVolume(state.path, path))
    },
  }
}

/** What a front tells of is a path in its volume; anything that leads out of it is none. @throws AppError `outside-root`. */
function withinVolume(mountPoint: string, path: string): string {
  const full = join(mountPoint, path)
  if (full !== mountPoint && !full.startsWith(`${mountPoint}/`)) throw new AppError('outside-root', { path })
  return full
}
