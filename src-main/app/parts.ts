import type { MfaDesk } from '../composition/aws/mfa-desk.ts'
import type { Clock } from '../lib/clock.ts'
import type { HostDirs } from '../lib/host-dirs.ts'
import type { Logger } from '../lib/logger.ts'
import type { Diagnostics } from '../services/diagnostics/diagnostics.ts'
import type { FileSystem, S3FilesDrive } from '../services/drives/drive.ts'
import type { Drives } from '../services/drives/drives.ts'
import type { SettingsStore } from '../services/settings/settings-store.ts'
import type { Vitals } from '../services/vitals/vitals.ts'
import type { Event } from '../lib/event.ts'
import type { FileSystemChoice, WaysIn } from '../shared/app/answers.ts'
import type { NewStack, StackChoice, StackProgress, StackRef } from '../shared/app/stacks.ts'
import type { AwsAccounts } from './accounts/account-book.ts'
import type { LookForEngines } from './engine/engine-watch.ts'
import type { Desktop } from './ports.ts'
import type { StackEnd } from './stacks/stack-end.ts'

/** What there is to connect to; both reject with an `AppError`. */
export interface Lookup {
  fileSystems(
    profile: string | undefined,
    region: string,
    signal: AbortSignal,
  ): Promise<readonly FileSystemChoice[]>
  waysIn(
    profile: string | undefined,
    region: string,
    fileSystemId: string,
    signal: AbortSignal,
  ): Promise<WaysIn>
  /** What a drive's file system shows, and where in it the drive's access point begins. Asks nobody for a code. */
  bucketOf(fileSystem: FileSystem, signal: AbortSignal): Promise<BucketFacts>
}

export interface BucketFacts {
  readonly name: string
  /** As the file system has it. */
  readonly prefix: string
  /** Of the access point; `/` without one. Absent where it may not be asked for. */
  readonly rootDirectory: string | undefined
}

/** Stacks of AWS that drives can be made from; all reject with an `AppError`. */
export interface Stacks {
  /** Those on their way, and just arrived, the newest first. */
  views(): readonly StackProgress[]
  readonly changed: Event<undefined>
  /** Of deployments that were followed to their end, and not called off. */
  readonly ended: Event<StackEnd>
  list(profile: string | undefined, region: string, signal: AbortSignal): Promise<readonly StackChoice[]>
  /** The three resolve when it is under way; what it comes to shows in `views`. */
  plan(stack: NewStack): Promise<void>
  deploy(ref: StackRef): Promise<void>
  cancel(ref: StackRef): Promise<void>
  dismiss(ref: StackRef): void
  /** The first time: at what was under way when the app ended. Again: at what could not be seen for want of a network or a session. */
  look(): void
  /** The app ends. Resolves within seconds, when plans that nobody has said yes to are removed. What AWS does goes on. */
  end(): Promise<void>
}

/** What the app is made of. `compose.ts` hands in the real ones, tests hand in fakes. */
export interface AppParts {
  readonly drives: Drives
  readonly settings: SettingsStore
  readonly diagnostics: Diagnostics
  readonly mfa: MfaDesk
  readonly aws: () => Promise<AwsAccounts>
  readonly lookForEngines: LookForEngines
  readonly vitals: Vitals
  readonly lookup: Lookup
  readonly stacks: Stacks
  /** Lets this machine's public address in to the drive's load balancer. Rejects with an `AppError`. */
  readonly letIn: (drive: S3FilesDrive, signal: AbortSignal) => Promise<unknown>
  readonly desktop: Desktop
  /** Whether this machine is in any network but its own. */
  readonly isOnline: () => boolean
  /** Of the disk with the app's own files; nothing where that cannot be told. */
  readonly freeBytes: () => Promise<number | undefined>
  /** Makes the Sandbox's folder with what a newcomer finds in it; leaves one that is there as it is. */
  readonly makeSandbox: (dir: string) => Promise<void>
  readonly dirs: HostDirs
  readonly version: string
  readonly clock: Clock
  readonly log: Logger
}
