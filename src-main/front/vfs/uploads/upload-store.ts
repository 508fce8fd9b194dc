import type { ByteRange, Call, Chunks } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import type { UploadId, UploadRecord } from './upload.ts'

/** A change of the tree at the backend that takes uploads with it; kept until both have happened. Without `to` it is a removal. */
export interface TreeIntent {
  readonly from: VfsPath
  readonly to?: VfsPath | undefined
}

export interface MoveIntent extends TreeIntent {
  readonly to: VfsPath
}

/** What was told to clients about a delivered file, and the backend's own attributes it stands for. */
export interface Delivered {
  readonly path: VfsPath
  readonly backend: UploadRecord['promised']
  readonly promised: UploadRecord['promised']
}

/** A body that lies in the spool whole, though no upload yet. */
export interface ReceivedBody {
  /** Of the upload it may become. */
  readonly id: UploadId
  readonly size: number
}

/**
 * The moments at which a crash finds something different on the disk. A test hook: the process may end itself in it.
 * The first eight come in the order of one save, the others in the order of one move.
 */
export type DurableStep =
  | 'spool-written'
  | 'spool-synced'
  | 'record-committed'
  | 'answered'
  | 'attempt-recorded'
  | 'backend-committed'
  | 'delivery-committed'
  | 'spool-removed'
  | 'intent-committed'
  | 'backend-moved'
  | 'retarget-committed'
  | 'backend-removed'

/**
 * Accepted bodies and their records, durable: a body is received first, however slowly it comes, and becomes an upload when it is accepted. When `accept` has resolved, a power cut cannot take the upload away.
 * Bodies are files in the spool, never changed; records are rows. A crash between the two leaves only a body without a
 * record, which is swept. Records that a damaged database has lost are rebuilt from what stands in the spool files themselves:
 * such an upload has attention `upload-recovered`, and a path of its own where several were accepted for one. An upload whose
 * body is not as it was written has attention `upload-damaged` once that is known.
 * All methods that return no promise are synchronous and atomic; they throw `no-space` or `state-dir-unusable` when the disk refuses.
 */
export interface UploadStore extends AsyncDisposable {
  /** All records, in the order in which they were committed, which need not be that of their ids. */
  load(): readonly UploadRecord[]
  /** Bytes of all bodies in the spool: also of those being received, and of removed ones that are still being read. */
  readonly spooledBytes: number
  /**
   * Streams `body` into the spool and, where it is to be durable, syncs it; otherwise that is left to `accept`. `describe` is called when it has ended: what it gives is kept beside the body, for when
   * the records are lost. Whoever does not accept the body discards it.
   * @throws AppError `no-space` (queue limit or disk reserve, also in the middle of the body), `state-dir-unusable`, `stalled`,
   * what `body` throws, `cancelled`; nothing is left then.
   */
  receive(
    body: Chunks,
    describe: (id: UploadId, size: number) => UploadRecord,
    call: Call & { readonly isDurable: boolean },
  ): Promise<ReceivedBody>
  /**
   * Commits `record`, with the id of a body that was received, together with the removal of `supersedes()`, the uploads it replaces (asked
   * at commit time). The bodies of those go, too, once nobody reads them. Uploads that are ready at the same time are committed together.
   * @throws AppError `no-space`, `state-dir-unusable`, `stalled`, `cancelled`; the body is gone, too, then.
   */
  accept(record: UploadRecord, supersedes: () => readonly UploadId[], call: Call): Promise<void>
  /** Takes back a body that was received and not accepted. Harmless for any other. */
  discard(id: UploadId): Promise<void>
  /** Refuses early what is known to be too much: asked before a body is read. @throws AppError `no-space`. */
  checkRoom(expectedBytes: number | undefined): void
  /**
   * Bytes of an upload's body, or of one that was received; stays readable to its end even when the upload is removed meanwhile. When all of it is read its
   * checksum is compared before the last chunk is given. @throws AppError `upload-unknown`, `upload-damaged` (the body, too), `cancelled`.
   */
  read(
    id: UploadId,
    range: ByteRange | undefined,
    call: Call,
  ): Promise<{ length: number; body: Chunks; close(): Promise<void> }>
  /** Writes records anew, and forgets an intent with it, in one transaction. */
  update(records: readonly UploadRecord[], doneIntent?: MoveIntent): void
  /** As `update`; resolves when a power cut cannot take it back. */
  save(record: UploadRecord): Promise<void>
  /** Removes uploads. Their bodies go afterwards. */
  remove(ids: readonly UploadId[]): void
  /** Removes uploads of which the last was delivered, and remembers what was promised for it. A power cut soon afterwards may take that back. */
  deliver(ids: readonly UploadId[], delivered: Delivered): void
  addIntent(intent: TreeIntent): void
  removeIntent(intent: TreeIntent): void
  intents(): readonly TreeIntent[]
  /** What was promised for paths delivered earlier; bounded, the oldest are forgotten. */
  delivered(): readonly Delivered[]
  /**
   * Copies a body to a new file of the user's, synced. @throws AppError `already-exists`, `no-space`, `permission-denied`,
   * `read-only`, `parent-missing`, `upload-unknown`, `upload-damaged`.
   */
  exportTo(id: UploadId, destinationPath: string): Promise<void>
}
