import { createEmitter } from '../../lib/event.ts'
import { AppError } from '../../shared/errors.ts'
import type { Backend } from '../vfs/backend.ts'
import type { UploadEvent } from '../vfs/uploads/upload.ts'
import type { UploadQueue } from '../vfs/uploads/upload-queue.ts'

/** The uploads of a drive whose writes go straight to `backend`: there are none, ever. */
export function noQueue(backend: Backend): UploadQueue {
  const unknown = (id: number): AppError => new AppError('upload-unknown', { id })
  return {
    backend,
    events: createEmitter<UploadEvent>(),
    list: () => [],
    totals: () => ({
      pending: 0,
      pendingBytes: 0,
      oldestAgeMs: 0,
      attention: 0,
      bytesPerSec: 0,
      delivered: 0,
      conflicts: 0,
    }),
    wake: () => undefined,
    retry: (id) => {
      throw unknown(id)
    },
    discard: (id) => Promise.reject(unknown(id)),
    exportTo: (id) => Promise.reject(unknown(id)),
    drained: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
