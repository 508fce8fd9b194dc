import type { VfsPath } from '../path.ts'
import { liveUpload } from './pending-index.ts'
import type { QueueParts } from './queue-parts.ts'
import type { UploadId, UploadRecord } from './upload.ts'

/**
 * Takes up what an earlier life of the front has left. Of several uploads for one path the last one is what clients saw; an earlier
 * one is needed only if its delivery may have happened.
 */
export function loadPending({ store, index }: QueueParts): void {
  const byPath = new Map<VfsPath, UploadRecord[]>()
  for (const record of store.load()) byPath.set(record.path, [...(byPath.get(record.path) ?? []), record])
  const useless: UploadId[] = []
  for (const [path, records] of byPath) {
    const newest = records.findLast(({ replaced }) => !replaced)
    const earlier = records.findLast((record) => record !== newest && record.attempted)
    for (const record of records) {
      const isUseless = newest === undefined || (record !== newest && record !== earlier)
      if (isUseless) useless.push(record.id)
    }
    if (newest === undefined) continue
    index.put({
      path,
      newest: liveUpload(newest),
      earlier: earlier && liveUpload({ ...earlier, replaced: true }),
    })
  }
  if (useless.length > 0) store.remove(useless)
}
