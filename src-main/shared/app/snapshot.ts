import type { DriveState } from '../drive-state.ts'
import type { SerializedError } from '../errors.ts'
import type { UploadInfo, UploadTotals, WriteMode } from '../front-protocol.ts'
import type { StackProgress } from './stacks.ts'

/**
 * All that windows show, as main publishes it: whole, each time something changes, with a revision that only rises. Nothing in it is secret.
 * Times are milliseconds since 1970.
 */
export interface Snapshot {
  readonly revision: number
  /** By main's clock, for "12 s ago". */
  readonly nowMs: number
  readonly version: string
  readonly drives: readonly DriveView[]
  readonly engine: EngineView
  readonly accounts: readonly AccountView[]
  /** A question that only a person can answer; one at a time. */
  readonly prompt: PromptView | undefined
  readonly conditions: readonly Condition[]
  readonly recent: readonly RecentFile[]
  /** The newest first. */
  readonly stacks: readonly StackProgress[]
  readonly settings: SettingsView
  readonly update: UpdateView
}

export interface DriveView {
  readonly id: string
  readonly name: string
  readonly source: SourceView
  readonly mountPoint: string
  readonly state: DriveState
  /** What keeps it from working as it should, and the one thing that mends it. */
  readonly trouble: TroubleView | undefined
  readonly readOnly: boolean
  readonly autoMount: boolean
  readonly writeMode: WriteMode
  readonly contentCacheBytes: number
  readonly spoolMaxBytes: number
  readonly vitals: VitalsView
  readonly uploads: UploadTotals
  /** Those that need attention first, then the oldest; at most a hundred, `uploads` counts them all. */
  readonly uploadList: readonly UploadInfo[]
}

export type SourceView =
  | { readonly kind: 'sandbox'; readonly dir: string }
  | {
      readonly kind: 's3files'
      readonly fileSystemId: string
      readonly region: string
      readonly remotePath: string
      readonly profile: string | undefined
      /** As far as AWS has told; `prefix` leads to where the drive's access point begins. */
      readonly bucket: { readonly name: string; readonly prefix: string } | undefined
    }

export interface TroubleView {
  readonly error: SerializedError
  readonly fix: Fix | undefined
}

/** What one button does. */
export type Fix =
  | { readonly kind: 'mount'; readonly driveId: string }
  | { readonly kind: 'let-in'; readonly driveId: string }
  | { readonly kind: 'sign-in'; readonly profile: string }
  | { readonly kind: 'show-uploads'; readonly driveId: string }
  | { readonly kind: 'edit-drive'; readonly driveId: string }
  | { readonly kind: 'choose-engine' }
  | { readonly kind: 'open-link'; readonly link: LinkId }

/** Latency, sync lag and throughput of one drive. */
export interface VitalsView {
  /** Absent before the first sample, and while nothing is mounted. */
  readonly latency: LatencyView | undefined
  readonly sync: SyncView | undefined
  /** What programs write to the volume. */
  readonly bytesInPerSec: number
  /** What programs read from it. */
  readonly bytesOutPerSec: number
}

export interface LatencyView {
  readonly p50Ms: number
  readonly p95Ms: number
  /** The p50 of each half minute of the last 15 minutes, the oldest first; `null` where there was no sample. */
  readonly history: readonly (number | null)[]
}

export interface SyncView {
  /** From the last write to the object in S3, of the file that arrived last. */
  readonly lastLagMs: number | undefined
  /** Saved, and not seen in S3 yet. */
  readonly pending: number
  readonly oldestMs: number
  /** A Sandbox's bucket is a folder that behaves like one. */
  readonly isSimulated: boolean
}

export interface EngineView {
  readonly state: 'looking' | 'ready' | 'missing'
  /** Of the one in use. */
  readonly name: string | undefined
  readonly version: string | undefined
  /** Why none will do. */
  readonly error: SerializedError | undefined
  readonly candidates: readonly { readonly name: string; readonly address: string }[]
  /** What a person chose; `undefined` for whichever is found. */
  readonly chosen: string | undefined
}

export type SessionStateView =
  | { readonly kind: 'signed-out' }
  | {
      readonly kind: 'awaiting-approval'
      /** Of the device flow: to be typed at `url`. */
      readonly userCode: string | undefined
      readonly url: string | undefined
    }
  | { readonly kind: 'valid'; readonly expiresAtMs: number | undefined }
  | { readonly kind: 'expiring'; readonly expiresAtMs: number }
  | { readonly kind: 'expired' }
  | { readonly kind: 'failed'; readonly error: SerializedError }

export interface AccountView {
  readonly profile: string
  readonly accountId: string | undefined
  readonly role: string | undefined
  readonly region: string | undefined
  /** How it gets its credentials, in words: "IAM Identity Center", "assumes a role", "access key" … */
  readonly kind: string
  readonly canSignIn: boolean
  readonly session: SessionStateView
}

export interface PromptView {
  readonly id: string
  readonly kind: 'mfa-code'
  readonly profile: string
  readonly serial: string
}

/** Something that is wrong with the whole, or with a part that others depend on: one line at the top, not one per drive. */
export interface Condition {
  readonly id: string
  readonly severity: 'info' | 'warning' | 'error'
  readonly error: SerializedError
  readonly fix: Fix | undefined
}

export interface RecentFile {
  readonly driveId: string
  readonly path: string
  readonly atMs: number
  readonly what: 'saved' | 'delivered' | 'in-s3' | 'conflict' | 'export-refused'
  /** Of a conflict: the other file. Of a refusal: AWS's name for it. */
  readonly detail: string | undefined
}

export interface SettingsView {
  readonly openAtLogin: boolean
  readonly updateChannel: 'stable' | 'beta'
  readonly notifications: Readonly<Record<NotificationKind, boolean>>
}

export const notificationKinds = [
  'session-expiring',
  'session-expired',
  'drive-lost',
  'drive-back',
  'upload-attention',
  'conflict',
  'export-refused',
  'engine-missing',
  'stack-done',
  'update-ready',
] as const
export type NotificationKind = (typeof notificationKinds)[number]

export type UpdateView =
  | { readonly kind: 'none' }
  | { readonly kind: 'downloading'; readonly version: string; readonly percent: number }
  | { readonly kind: 'ready'; readonly version: string }

/** Pages that may be opened outside; main knows their addresses. */
export const linkIds = ['docs', 'troubleshooting', 'issues', 'install-engine', 'aws-s3-files'] as const
export type LinkId = (typeof linkIds)[number]
