import type { Clock } from '../../lib/clock.ts'
import type { HostDirs } from '../../lib/host-dirs.ts'
import type { RunProcess } from '../../lib/run-process.ts'
import type { AppError } from '../../shared/errors.ts'
import type { AwsAccess } from './aws-access.ts'

/** A drive as far as checks care. */
export interface DiagnosedDrive {
  readonly id: string
  readonly name: string
  readonly port: number
  readonly hasVolume: boolean
  readonly front: 'none' | 'silent' | 'answers'
  readonly uploads: {
    /** Only a person can help these. */
    readonly attention: number
    /** Of those that a running front delivers; 0 when there are none. */
    readonly oldestAgeMs: number
    /** Left on this machine by a front that does not run. */
    readonly kept: number
  }
}

/** What checks may look at; each check names the part it needs. */
export interface DiagnosticsContext {
  readonly platform: NodeJS.Platform
  readonly nodeVersion: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly dirs: HostDirs
  readonly run: RunProcess
  readonly clock: Clock
  /** @throws AppError when the settings cannot be read. */
  readonly observeDrives: () => Promise<readonly DiagnosedDrive[]>
  /** @throws AppError `settings-unreadable`, `settings-from-the-future`. */
  readonly readSettings: () => Promise<unknown>
  readonly obstacleToMounting: () => Promise<AppError | undefined>
  /** Starts a front on an empty folder of its own; the caller ends it. */
  readonly startTrialFront: (rootDir: string, stateDir: string) => Promise<TrialFront>
  /** For each drive that AWS is behind, or for the profile that counts; nothing where nobody uses AWS. Has a limit of its own. */
  readonly examineAws: (signal: AbortSignal) => Promise<readonly AwsAccess[]>
}

/** What the checks of one run share. */
export interface CheckContext extends DiagnosticsContext {
  /** Asks AWS once for all of them. */
  readonly aws: () => Promise<readonly AwsAccess[]>
}

export interface TrialFront {
  readonly url: string
  stop(): Promise<void>
}
