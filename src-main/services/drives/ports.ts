import type { AppError } from '../../shared/errors.ts'
import type { FrontConfigInput, FrontEvent } from '../../shared/front-protocol.ts'
import type { Drive } from './drive.ts'

/**
 * What drives need of the other services. `cli/compose.ts` hands in the real ones; tests hand in fakes.
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
  /** Resolves when the process has ended for whatever reason; never rejects. */
  readonly closed: Promise<unknown>
  stop(): Promise<void>
}

/** A front that some process of this user started. */
export interface ConnectedFront extends AsyncDisposable {
  status(): Promise<FrontStatus>
  shutdown(): Promise<void>
}

export interface Fronts {
  /** Rejects with what kept it from answering (`port-taken`, `source-missing` …); nothing is left running then. */
  start(config: FrontConfigInput, signal: AbortSignal): Promise<OwnedFront>
  /** `undefined` when no front of that drive answers. */
  connect(driveId: string): Promise<ConnectedFront | undefined>
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
