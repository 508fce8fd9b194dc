import type { Backend } from '../backend.ts'

/** What the cache did since the front started. */
export interface ContentCacheCounters {
  readonly hits: number
  readonly misses: number
  readonly storedBytes: number
}

/**
 * A backend whose files are kept on the Mac once they were read. `backend.read` of an unchanged file costs one `stat` and no bytes
 * from `inner`; concurrent readers of one file share one read.
 */
export interface ContentCache extends AsyncDisposable {
  readonly backend: Backend
  counters(): ContentCacheCounters
}
