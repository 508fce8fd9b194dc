import type { Clock } from '../../lib/clock.ts'
import type { Backend } from './backend.ts'
import { createContentCache, type ContentCache, type ContentCacheOptions } from './content/content-cache.ts'
import type { Health } from './patience/health.ts'
import { withDeadlines } from './patience/with-deadlines.ts'
import { withRetries } from './patience/with-retries.ts'
import type { Known } from './tree/known-tree.ts'
import type { MetadataCache } from './tree/metadata-cache.ts'
import { createUploadQueue } from './uploads/create-upload-queue.ts'
import type { UploadQueueOptions } from './uploads/queue-parts.ts'
import type { BaseVersion } from './uploads/upload.ts'
import type { UploadQueue } from './uploads/upload-queue.ts'

export type UploadsOptions = Pick<UploadQueueOptions, 'store' | 'mode' | 'hostName' | 'limits' | 'onStep'>
export type ContentOptions = Omit<ContentCacheOptions, 'inner' | 'clock'>

export interface LayerOptions {
  readonly backend: Backend
  readonly clock: Clock
  readonly health: Health
  /** What lies above: it knows what clients were told, and has to hear what changes below it. */
  readonly cache: MetadataCache
  /** Without it, writes go straight to the backend. */
  readonly uploads: UploadsOptions | undefined
  /** Without it, every read goes to the backend. */
  readonly content: ContentOptions | undefined
}

/** Everything between the tree and the backend, as one backend. Dispose it before the upload store. */
export interface BackendLayers extends AsyncDisposable {
  readonly backend: Backend
  readonly uploads: UploadQueue | undefined
  readonly content: ContentCache | undefined
}

/**
 * From below: deadlines on every call, the upload queue, patience for what clients ask, the content cache. The queue has
 * patience of its own, so it lies below that of the clients.
 */
export function layerBackend({
  backend,
  clock,
  health,
  cache,
  uploads,
  content,
}: LayerOptions): BackendLayers {
  const stack = new AsyncDisposableStack()
  const direct = withDeadlines(backend, clock, health)
  const queue =
    uploads &&
    stack.use(
      createUploadQueue({
        ...uploads,
        backend: direct,
        health,
        clock,
        knownAt: (path) => baseVersion(cache.known.recall(path)),
        onChanged: (path) => cache.changes.doubt(path),
      }),
    )
  const patient = withRetries(queue?.backend ?? direct, clock)
  const contentCache = content && stack.use(createContentCache({ ...content, inner: patient, clock }))
  return {
    backend: contentCache?.backend ?? patient,
    uploads: queue,
    content: contentCache,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function baseVersion(known: Known): BaseVersion {
  return known === 'missing' ? 'nothing' : (known ?? 'unknown')
}
