import type { HostDirs } from '../../lib/host-dirs.ts'
import type { Drives } from '../../services/drives/drives.ts'
import { AppError } from '../../shared/errors.ts'
import type { AppDrives } from '../drives/app-drives.ts'
import type { Bucket } from '../drives/buckets.ts'
import type { DriveLooker } from '../drives/drive-looker.ts'
import { letDriveIn } from '../drives/let-in.ts'
import { sandboxDirOf } from '../../composition/sandbox/sandbox-dir.ts'
import type { AppParts } from '../parts.ts'
import { consoleUrlOf } from './console-url.ts'
import type { HandlersOf } from './handlers.ts'

export interface DriveCommandParts extends Pick<AppParts, 'desktop' | 'makeSandbox' | 'letIn' | 'clock'> {
  readonly appDrives: AppDrives
  readonly looker: Pick<DriveLooker, 'recordOf'>
  readonly drives: Pick<Drives, 'registry' | 'forget' | 'reveal' | 'observe'>
  readonly dirs: Pick<HostDirs, 'stateDir'>
  /** Waits a moment for it where AWS has to be asked. */
  readonly findBucket: (driveId: string) => Promise<Bucket | undefined>
  readonly ending: AbortSignal
  /** Takes over what the list on disk has become. */
  readonly reload: () => Promise<void>
}

export function driveCommands(parts: DriveCommandParts): HandlersOf<'drive'> {
  const { appDrives, looker, drives, desktop, dirs, makeSandbox, findBucket, reload } = parts
  const { registry } = drives

  const mountIf = (isWished: boolean, driveId: string): void => {
    // What it comes to is the drive's state.
    if (isWished) void appDrives.find(driveId)?.mount('person')
  }

  return {
    'drive.mount': async ({ driveId }) => await appDrives.get(driveId).mount('person'),
    'drive.unmount': async ({ driveId, force, wait }) => {
      await appDrives.get(driveId).unmount({ force, wait })
    },
    'drive.reveal': async ({ driveId }) => await drives.reveal(appDrives.get(driveId).drive),
    'drive.copy-path': ({ driveId }) => {
      const { state, drive } = appDrives.get(driveId)
      if (state.kind !== 'mounted') throw new AppError('not-mounted', { name: drive.name })
      desktop.copyText(state.path)
    },
    'drive.open-console': async ({ driveId }) => {
      const { drive } = appDrives.get(driveId)
      if (drive.kind === 'sandbox') await desktop.openPath(drive.sourceDir)
      else await desktop.openUrl(consoleUrlOf(drive.fileSystem, await findBucket(driveId)))
    },
    'drive.let-in': async ({ driveId }) => await letDriveIn(appDrives.get(driveId), parts),
    'drive.change': async ({ driveId, changes }) => {
      appDrives.get(driveId)
      await registry.change(driveId, changes)
      await reload()
    },
    'drive.remove': async ({ driveId, discardUploads }) => {
      const appDrive = appDrives.get(driveId)
      const { pending, attention } = looker.recordOf(driveId).totals
      const count = pending + attention
      // Before it is unmounted for nothing.
      if (count > 0 && !discardUploads) {
        throw new AppError('uploads-kept', { name: appDrive.drive.name, count })
      }
      await appDrive.unmount({ force: false, wait: false })
      if (discardUploads && appDrive.kept !== undefined) {
        appDrive.kept.leave()
        await appDrive.kept.ended
      }
      // What was saved since is refused here.
      await drives.forget(appDrive.drive, { discardUploads })
      await reload()
    },
    'drive.add-sandbox': async ({ dir, mount }) => {
      const sandboxDir = sandboxDirOf(dirs)
      if (dir === undefined) await makeSandbox(sandboxDir)
      const choices = dir === undefined ? { name: 'Sandbox' } : {}
      const { id } = await registry.addFolder(dir ?? sandboxDir, choices)
      await reload()
      mountIf(mount, id)
      return { driveId: id }
    },
    'drive.add-file-system': async ({ fileSystem: { name, ...fileSystem }, mount }) => {
      const { id } = await registry.addFileSystem(fileSystem, { name })
      await reload()
      mountIf(mount, id)
      return { driveId: id }
    },
  }
}
