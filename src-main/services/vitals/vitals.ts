import type { Event } from '../../lib/event.ts'
import type { RecentFile, VitalsView } from '../../shared/app/snapshot.ts'
import type { SerializedError } from '../../shared/errors.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import type { ExportFacts } from './ports.ts'

export type FrontStatus = Extract<FrontEvent, { type: 'status' }>

/** Where the objects of a drive's files appear. */
export type ObjectsPlace =
  | {
      readonly kind: 's3'
      readonly fileSystemId: string
      readonly bucket: string
      /** What stands before a file's path to make its key: empty, or with a slash at its end. See `keyPrefixOf`. */
      readonly keyPrefix: string
      readonly region: string
      readonly profile: string | undefined
    }
  /** A Sandbox's: `bucketDir` is filled from `sourceDir` as S3 Files would do it. Both are absolute. */
  | { readonly kind: 'simulated'; readonly sourceDir: string; readonly bucketDir: string }
  /** AWS has not told yet which bucket it is, or nobody may ask: latency and throughput only. */
  | { readonly kind: 'unknown' }

export interface WatchedSubject {
  readonly driveId: string
  readonly objects: ObjectsPlace
  /**
   * What S3 Files itself says of a file, of a drive with a bridge; asked only of files that are long overdue. Resolves with nothing where
   * that cannot be had.
   * @throws AppError `not-found` when there is no such file any more.
   */
  readonly exportStatusOf?: (path: string, signal: AbortSignal) => Promise<ExportFacts | undefined>
}

/** The vitals of one drive for as long as it is in the list; dispose it when it is removed. Nothing is asked of AWS after that. */
export interface WatchedDrive extends Disposable {
  readonly driveId: string
  /** All that the drive's front says; see `KeptDrive.frontEvents`. */
  hear(event: FrontEvent): void
  /** As an answer to a question; the counters that a front reports by itself come by `hear`. */
  hearStatus(status: FrontStatus): void
  /** One probe of the mount by the bridge's agent; see `KeptDrive.roundTrips`. */
  roundTrip(ms: number): void
  /** Whether its volume is there, which it is at first. Without one there is no latency and CloudWatch is not asked; what is on its way to S3 is followed to its end. */
  setMounted(isMounted: boolean): void
  /** The bucket has become known, or is another one. Files on their way stay, and are looked for there from now on. */
  setObjects(objects: ObjectsPlace): void
  view(): VitalsView
  /** `view` may have changed: at most twice a second. */
  readonly changed: Event<undefined>
  /** Files as they are saved, delivered, seen in S3, kept twice or refused. */
  readonly recent: Event<RecentFile>
  /** Of the mount and of the front's requests, apart, with what `view` has no room for. */
  latencies(): {
    readonly roundTrips: LatencySummary | undefined
    readonly requests: LatencySummary | undefined
  }
  /** Why S3 is not asked about files at the moment: no permission, no network. `view` has no `sync` as long. */
  trouble(): SerializedError | undefined
}

/** Of the last 15 minutes. */
export interface LatencySummary {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly maxMs: number
  readonly samples: number
}

/** What CloudWatch says of one file system, all of its clients together. A metric without a value in the last minutes is absent. */
export interface FileSystemVitals {
  readonly fileSystemId: string
  readonly region: string
  readonly profile: string | undefined
  /** When the newest of the values is from. */
  readonly atMs: number
  /** Files and directories that wait for their way to S3. Zero does not prove that nothing waits. */
  readonly pendingExports: number | undefined
  /** How old the oldest change is that is on its way. */
  readonly exportAgeMs: number | undefined
  /** Terminal failures, which S3 Files does not try again. */
  readonly exportFailures: number | undefined
  readonly importFailures: number | undefined
  /** Files that lost against a change in the bucket, so far. */
  readonly lostAndFoundFiles: number | undefined
}

/** Latency, sync lag and throughput of all drives that are watched. One budget of requests to S3 for all of them. */
export interface Vitals extends Disposable {
  watch(subject: WatchedSubject): WatchedDrive
  /** Of the file systems whose drives are mounted, each once however many drives show it. */
  fileSystems(): readonly FileSystemVitals[]
  readonly fileSystemsChanged: Event<undefined>
  /** The machine has slept, or there is a network or a session again: asks again what could not be asked. */
  wake(): void
}
