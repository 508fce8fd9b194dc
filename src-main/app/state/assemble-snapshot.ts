import { mountPointOf } from '../../services/drives/drive.ts'
import type { AccountView, Condition, DriveView } from '../../shared/app/snapshot.ts'
import type { Core } from '../core.ts'
import type { AppDrive } from '../drives/app-drive.ts'
import { profileOf } from '../drives/profile-of.ts'
import type { AppParts } from '../parts.ts'
import { conditionsOf } from './conditions.ts'
import { driveViewOf } from './drive-view.ts'
import type { SnapshotContent } from './publisher.ts'

const noVitals = { latency: undefined, sync: undefined, bytesInPerSec: 0, bytesOutPerSec: 0 }

type SnapshotParts = Pick<AppParts, 'version' | 'dirs' | 'stacks' | 'desktop'>

/** Everything that windows show, as it is at this moment. */
export function assembleSnapshot(core: Core, parts: SnapshotParts): SnapshotContent {
  const { appDrives, accounts, engine, prompt, recent, appSettings, machine } = core
  const accountViews = accounts.views()
  return {
    version: parts.version,
    drives: appDrives.list().map((appDrive) => viewOf(appDrive, core, parts)),
    engine: engine.view,
    accounts: accountViews,
    prompt: prompt.view,
    conditions: conditionsNow(core, accountViews),
    recent: recent.list(),
    stacks: parts.stacks.views(),
    settings: appSettings.view(machine.opensAtLogin),
    update: parts.desktop.updates.view,
  }
}

function viewOf(appDrive: AppDrive, core: Core, { dirs }: SnapshotParts): DriveView {
  const { id } = appDrive.drive
  return driveViewOf(appDrive, {
    record: core.looker.recordOf(id),
    vitals: core.driveVitals.of(id)?.view() ?? noVitals,
    mountPoint: mountPointOf(appDrive.drive, dirs),
    bucket: core.buckets.of(appDrive),
    defaultProfile: core.accounts.defaultName,
  })
}

function conditionsNow(core: Core, accounts: readonly AccountView[]): readonly Condition[] {
  const { appDrives, engine, machine, appSettings } = core
  return conditionsOf({
    drives: appDrives.list().map(({ drive, state, isWanted }) => ({
      profile: profileOf(drive, core.accounts.defaultName),
      isFar: drive.kind === 's3files',
      state,
      isWanted,
    })),
    engine: engine.view,
    accounts,
    isOnline: machine.isOnline,
    settingsError: appSettings.error,
    settingsSetAsidePath: appSettings.setAsidePath,
    disk: machine.disk,
    mountObstacle: machine.mountObstacle,
  })
}
