import type { AccountBook } from './accounts/account-book.ts'
import type { MfaPrompt } from './accounts/mfa-prompt.ts'
import type { AppDrives } from './drives/app-drives.ts'
import type { Buckets } from './drives/buckets.ts'
import type { DriveLooker } from './drives/drive-looker.ts'
import type { DriveVitals } from './drives/drive-vitals.ts'
import type { LostDrives } from './drives/lost-drives.ts'
import type { LookLoop } from './drives/look-loop.ts'
import type { Wishes } from './drives/wishes.ts'
import type { EngineWatch } from './engine/engine-watch.ts'
import type { AppSettings } from './state/app-settings.ts'
import type { MachineFacts } from './state/machine-facts.ts'
import type { Publisher } from './state/publisher.ts'
import type { RecentFiles } from './state/recent-files.ts'
import type { Teller } from './state/teller.ts'

/** What the app's core consists of, each with one thing to look after. */
export interface Core {
  readonly teller: Teller
  readonly recent: RecentFiles
  readonly appSettings: AppSettings
  readonly prompt: MfaPrompt
  readonly accounts: AccountBook
  readonly machine: MachineFacts
  readonly appDrives: AppDrives
  readonly buckets: Buckets
  readonly wishes: Wishes
  readonly lost: LostDrives
  readonly engine: EngineWatch
  readonly driveVitals: DriveVitals
  readonly looker: DriveLooker
  readonly loop: LookLoop
  readonly publisher: Publisher
  /** Aborted when the app ends. */
  readonly ending: AbortController
  /** How often the app was told to stop since it last went on; 0 while it runs. */
  stops: number
  /** Off while the app is being stopped: then nothing is mounted but by a person. */
  readonly mayMount: boolean
}
