import type { Clock } from '../../../lib/clock.ts'
import { isAppError, type AppError } from '../../../shared/errors.ts'
import type { Backend } from '../backend.ts'
import { CachingBackend } from './caching-backend.ts'
import { CacheStore } from './store/cache-store.ts'

/** What the cache did since the front started. */
export interface ContentCacheCounters {
  /** Reads for which no byte had to come from the backend. */
  readonly hits: number
  /** All other reads, those included that shared a read of the backend with an earlier one. */
  readonly misses: number
  /** What the cache takes of the Mac's disk now. */
  readonly storedBytes: number
}

/**
 * A backend whose files are kept on the Mac once they were read, whole or in part. `backend.read` of what is there costs one
 * `stat` and no bytes from `inner`; what is missing costs one `read` of that and no `stat`; concurrent readers of one file share
 * one read. Ranges in order cost few, growing reads, and no `stat` while the version was seen within the last five seconds, here or by a
 * `list` or `stat` of `backend`. An answer is always of one version of the file: should `inner` have another one by the time that more of it is needed,
 * the body fails with `busy`. Disposing ends the bodies that are being read with `cancelled`.
 */
export interface ContentCache extends AsyncDisposable {
  readonly backend: Backend
  counters(): ContentCacheCounters
}

export interface ContentCacheOptions {
  readonly inner: Backend
  /** A folder of the cache's own, made where it is missing. Whatever else is in it is removed. */
  readonly dir: string
  /** 0 for no cache at all. */
  readonly maxBytes: number
  /** The disk's last bytes, which the cache never takes; it gives back what it has before it takes any of them. */
  readonly reserveBytes: number
  readonly clock: Clock
  /** The folder cannot be used (any more), `state-dir-unusable`: until the next start, everything is read past the cache. */
  readonly onUnusable?: (error: AppError) => void
}

/** Never fails for want of a cache: without one, `backend` is `inner`. */
export function createContentCache(options: ContentCacheOptions): ContentCache {
  const { inner, dir, maxBytes, reserveBytes, clock } = options
  const onUnusable = options.onUnusable ?? (() => undefined)
  if (maxBytes === 0) return withoutCache(inner)
  let store: CacheStore
  try {
    store = new CacheStore(dir, { maxBytes, reserveBytes }, clock, onUnusable)
  } catch (error) {
    if (!isAppError(error, 'state-dir-unusable')) throw error
    onUnusable(error)
    return withoutCache(inner)
  }
  const backend = new CachingBackend(inner, store, clock)
  return {
    backend,
    counters: () => ({ hits: backend.hits, misses: backend.misses, storedBytes: store.bytes }),
    [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  }
}

function withoutCache(inner: Backend): ContentCache {
  return {
    backend: inner,
    counters: () => ({ hits: 0, misses: 0, storedBytes: 0 }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
