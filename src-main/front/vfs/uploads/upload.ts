import type { SerializedError } from '../../../shared/errors.ts'
import type { Attributes } from '../backend.ts'
import type { VfsPath } from '../path.ts'

/** Unique for the life of a drive, rising. */
export type UploadId = number

/**
 * What the front knew to be at a path when it accepted an upload for it: a version of the backend's, nothing, or (`unknown`) no
 * knowledge, because no client has looked. It is what tells a conflict from an ordinary save.
 */
export type BaseVersion = Attributes | 'nothing' | 'unknown'

/**
 * A file body accepted from a client: durable on the Mac, not yet at the backend. One row of the upload store.
 * Everything but `id` may change by being written anew as a whole.
 */
export interface UploadRecord {
  readonly id: UploadId
  /** As the backend spells it. */
  readonly path: VfsPath
  /** What clients are told about the file from the moment it is accepted; kept when it has been delivered. */
  readonly promised: Attributes
  readonly base: BaseVersion
  /** True from just before the first delivery began: the backend may hold this very content already. */
  readonly attempted: boolean
  readonly attempts: number
  /**
   * True when a later upload has taken its place at `path`, but a delivery of this one may have happened: it is kept, unseen by
   * clients, until the backend has shown whether its content is there. Such an upload is never delivered.
   */
  readonly replaced: boolean
  /** Set when only a person can help; such an upload stays readable and is not tried by itself. */
  readonly attention?: SerializedError | undefined
  /** The last failure, while it is being tried again. */
  readonly lastError?: SerializedError | undefined
}

/** How an upload stands, as clients of the queue see it. */
export interface UploadInfo {
  readonly id: UploadId
  readonly path: VfsPath
  readonly size: number
  readonly acceptedMs: number
  readonly attempts: number
  readonly state: 'waiting' | 'delivering' | 'attention'
  /** Bytes handed to the backend by the delivery under way; 0 otherwise. */
  readonly sentBytes: number
  readonly error?: SerializedError | undefined
}

export interface UploadTotals {
  /** Waiting and delivering. */
  readonly pending: number
  readonly pendingBytes: number
  /** Of the oldest pending one; 0 when there is none. */
  readonly oldestAgeMs: number
  readonly attention: number
  /** Delivered, over the last ten seconds. */
  readonly bytesPerSec: number
  /** Since the front started. */
  readonly delivered: number
  readonly conflicts: number
}

/** What is told of a body that a client has saved. */
interface SavedFile {
  readonly id: UploadId
  readonly path: VfsPath
  readonly size: number
  readonly acceptedMs: number
}

export type UploadEvent =
  | ({ readonly type: 'accepted' } & SavedFile)
  /** `atMs` is when; a file of a write-through drive may come without having been accepted before. */
  | ({ readonly type: 'delivered'; readonly atMs: number } & SavedFile)
  /** Given up by a person; the backend keeps what it has. */
  | { readonly type: 'discarded'; readonly id: UploadId; readonly path: VfsPath }
  /** By a client, delivered or not, with all that is below; what was at `to` is no longer. */
  | { readonly type: 'moved'; readonly from: VfsPath; readonly to: VfsPath }
  | { readonly type: 'removed'; readonly path: VfsPath }
  | {
      readonly type: 'retrying'
      readonly id: UploadId
      readonly path: VfsPath
      readonly error: SerializedError
      readonly inMs: number
    }
  | {
      readonly type: 'attention'
      readonly id: UploadId
      readonly path: VfsPath
      readonly error: SerializedError
    }
  /** Somebody else had changed `path` meanwhile: theirs stays there, ours was kept beside it. */
  | { readonly type: 'conflict'; readonly id: UploadId; readonly path: VfsPath; readonly keptAs: VfsPath }
