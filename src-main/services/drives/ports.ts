import type { AppError, SerializedError } from '../../shared/errors.ts'
import type { PreparingStep } from '../../shared/drive-state.ts'
import type {
  BridgeReport,
  FrontConfigInput,
  FrontEvent,
  UploadInfo,
  UploadTotals,
} from '../../shared/front-protocol.ts'
import type { Drive, S3FilesDrive } from './drive.ts'

/**
 * What drives need of the other services. `composition` hands in the real ones; tests hand in fakes.
 */

/** The list of drives on disk, shared by all processes of this user. */
export interface DriveList {
  read(): Promise<readonly Drive[]>
  /** Alone among all processes. `change` is pure; what it throws leaves the list as it is. */
  update(change: (drives: readonly Drive[]) => readonly Drive[]): Promise<readonly Drive[]>
}

export type FrontStatus = Extract<FrontEvent, { type: 'status' }>

/** A front this process started: it dies with this process. */
export interface OwnedFront {
  readonly url: string
  readonly port: number
  readonly pid: number
  onEvent(listener: (event: FrontEvent) => void): Disposable
  status(): Promise<FrontStatus>
  /** The machine has slept, or its network has changed: has it try at once whatever waits. */
  wake(): void
  /** Tells it how its bridge is now. */
  setBridge(report: BridgeReport): void
  /** Has it end by itself, after an event `closed`, when it has delivered what is pending. */
  drain(): void
  /** Resolves when the process has ended for whatever reason; never rejects. */
  readonly closed: Promise<unknown>
  stop(): Promise<void>
}

/** A front that some process of this user started. */
export interface ConnectedFront extends AsyncDisposable {
  /** Commands are done in order: what was asked before has been heard when this is answered. */
  status(): Promise<FrontStatus>
  /** As of an `OwnedFront`. */
  wake(): void
  shutdown(): Promise<void>
  /** As of an `OwnedFront`. */
  drain(): void
  /** Resolves when the front has hung up; its port and files are free then. */
  readonly closed: Promise<void>
  /** `uploads` may be the first of very many; `totals` counts them all. */
  uploads(): Promise<UploadsReport>
  /** The three reject with `upload-unknown` for an upload that is not there any more. */
  retryUpload(id: number): Promise<void>
  discardUpload(id: number): Promise<void>
  exportUpload(id: number, destinationPath: string): Promise<void>
}

export interface UploadsReport {
  readonly uploads: readonly UploadInfo[]
  readonly totals: UploadTotals
}

/** What a front that is not running has left on this machine to be delivered at the next mount. */
export interface KeptUploads {
  readonly count: number
  readonly bytes: number
  /** Of these, how many only a person can help. */
  readonly attention: number
  readonly uploads: readonly KeptUpload[]
}

export interface KeptUpload {
  readonly id: number
  readonly path: string
  readonly size: number
  readonly acceptedMs: number
  readonly error?: SerializedError | undefined
}

export interface Fronts {
  /** Rejects with what kept it from answering (`port-taken`, `source-missing` …); nothing is left running then. */
  start(config: FrontConfigInput, signal: AbortSignal): Promise<OwnedFront>
  /** `undefined` when no front of that drive answers. */
  connect(driveId: string): Promise<ConnectedFront | undefined>
  /** What lies in a front's folder; asked only while no front of it runs. Never rejects: what cannot be read is counted at least. */
  keptUploads(frontStateDir: string): Promise<KeptUploads>
  /** Deletes what lies there, bodies and records, for good. */
  discardKeptUploads(frontStateDir: string): Promise<void>
  /** Deletes the copies of what was read, and the socket that a front which was killed has left. Never rejects: nobody misses either. */
  discardTraces(driveId: string): Promise<void>
}

/** The bridge of one drive, looked after until `stop`: what dies in it is started again. */
export interface KeptBridge {
  /** How it is now: where its file service answers, and what keeps it from working. */
  readonly report: BridgeReport
  /** Hears of each change of `report`. */
  onReport(listener: (report: BridgeReport) => void): Disposable
  /** Hears how many milliseconds each probe of the mount took that was answered. */
  onRoundTrip(listener: (ms: number) => void): Disposable
  /**
   * What S3 Files says of the way of a file to its bucket. `path` is the front's. Resolves with nothing while the bridge has no agent, and
   * where the server keeps no such thing. @throws AppError `not-found` when there is no such file, and what an agent refuses with.
   */
  exportOf(path: string, signal: AbortSignal): Promise<FileExport | undefined>
  /** Its connections may be dead: the machine has slept, or its network has changed. */
  wake(): void
  /** Ends the containers. Never rejects: what is left is removed at the next start. */
  stop(): Promise<void>
}

export interface FileExport {
  /** `s3://…` of the object; absent when the file was never exported. */
  readonly objectUrl?: string | undefined
  /** AWS's name of a failure that it will not try again. */
  readonly exportError?: string | undefined
}

export interface Bridges {
  /** Resolves when the files can be reached; nothing is left running when it rejects. */
  start(
    drive: S3FilesDrive,
    options: { readonly signal: AbortSignal; readonly onStep: (step: PreparingStep) => void },
  ): Promise<KeptBridge>
}

export interface VolumeTableEntry {
  readonly mountPoint: string
  readonly url: string
}

export interface Volumes {
  /** Why this machine cannot mount; nothing when it can. */
  available(): Promise<AppError | undefined>
  list(): Promise<readonly VolumeTableEntry[]>
  mount(request: {
    readonly url: string
    readonly mountPoint: string
    readonly name: string
    readonly readOnly: boolean
    readonly signal?: AbortSignal
  }): Promise<void>
  unmount(mountPoint: string, options: { readonly force: boolean }): Promise<void>
  reveal(mountPoint: string): Promise<void>
}
