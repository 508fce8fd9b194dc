import type { Event } from '../../../lib/event.ts'
import type { Backend, Call, Chunks } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import type { ReceivedUpload } from './received-upload.ts'
import type { UploadEvent, UploadId, UploadInfo, UploadTotals } from './upload.ts'

/**
 * Takes writes at the speed of the Mac's disk and delivers them itself. `backend` is the drive's backend with all accepted
 * uploads laid over it: whoever reads through it reads what was written, delivered or not, also after a restart.
 */
export interface UploadQueue extends AsyncDisposable {
  readonly backend: Backend
  readonly events: Event<UploadEvent>
  /**
   * Takes in a body that is to be written to `path` of `backend` next, without keeping anybody from that path meanwhile. Dispose it when
   * that is over. @throws AppError as `Backend.write`, before the body is asked for where that is possible.
   */
  receive(path: VfsPath, body: Chunks, call: Call): Promise<ReceivedUpload>
  /** Oldest first. */
  list(): readonly UploadInfo[]
  totals(): UploadTotals
  /** Tries what waits now, whatever pause it was in: the backend is back, the Mac woke up. */
  wake(): void
  /** Puts an upload that needed attention (or waits) back to be tried at once. @throws AppError `upload-unknown`. */
  retry(id: UploadId): void
  /** Gives an upload up; the backend keeps what it has. @throws AppError `upload-unknown`. */
  discard(id: UploadId): Promise<void>
  /** Copies an upload's body to a file of the user's; the upload stays. @throws AppError `upload-unknown`, as `UploadStore.exportTo`. */
  exportTo(id: UploadId, destinationPath: string): Promise<void>
  /** Resolves when nothing is pending (what needs attention does not count). @throws `cancelled` when `signal` aborts. */
  drained(signal: AbortSignal): Promise<void>
}
