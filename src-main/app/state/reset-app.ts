import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { HostDirs } from '../../lib/host-dirs.ts'
import type { Drives } from '../../services/drives/drives.ts'
import { emptySettings } from '../../services/settings/schema.ts'
import { AppError } from '../../shared/errors.ts'
import type { AppDrives } from '../drives/app-drives.ts'
import type { DriveLooker } from '../drives/drive-looker.ts'
import type { EngineWatch } from '../engine/engine-watch.ts'
import type { Desktop } from '../ports.ts'
import type { AppSettings } from './app-settings.ts'
import type { MachineFacts } from './machine-facts.ts'

export interface ResetParts {
  readonly appDrives: AppDrives
  readonly looker: Pick<DriveLooker, 'recordOf'>
  readonly drives: Pick<Drives, 'forget'>
  readonly appSettings: AppSettings
  readonly desktop: Pick<Desktop, 'setOpensAtLogin'>
  readonly machine: Pick<MachineFacts, 'look'>
  readonly engine: Pick<EngineWatch, 'lookAnew'>
  readonly dirs: Pick<HostDirs, 'cacheDir'>
  /** Looks at everything anew. */
  readonly reload: () => Promise<void>
}

/**
 * As on the first day: all drives unmounted and off the list, all settings forgotten, copies of what was read deleted. Files in S3 and in folders stay,
 * and so does what Finder keeps of them, the logs, and AWS's own files.
 * @throws AppError `uploads-kept` before anything is done, while something that was saved is not delivered; `unmount-busy` and the like.
 */
export async function resetApp(parts: ResetParts): Promise<void> {
  const { appDrives, looker, drives, appSettings, desktop, machine, engine, dirs, reload } = parts
  await reload()
  for (const { drive } of appDrives.list()) {
    const { pending, attention } = looker.recordOf(drive.id).totals
    const count = pending + attention
    if (count > 0) throw new AppError('uploads-kept', { name: drive.name, count })
  }
  for (const appDrive of appDrives.list()) {
    await appDrive.unmount({ force: false, wait: true })
    await drives.forget(appDrive.drive, { discardUploads: false })
  }
  desktop.setOpensAtLogin(false)
  // A drive that another process has added meanwhile stays.
  await appSettings.update(({ drives: left }) => ({ ...emptySettings, drives: left }))
  // The one that was chosen counts no longer.
  engine.lookAnew()
  await rm(join(dirs.cacheDir, 'fronts'), { recursive: true, force: true })
  await Promise.all([reload(), machine.look()])
}
