import { AppError } from '../../../shared/errors.ts'
import type { Chunks } from '../backend.ts'
import { maxNameBytes, nameOf, type VfsPath } from '../path.ts'

/** What the far side cannot hold, known without asking it. */
export interface UploadLimits {
  /** Of a whole path without its leading slash, in UTF-8. S3: 1,024. */
  readonly keyMaxBytes: number
  readonly fileMaxBytes: number
  /** Deliveries at the same time. */
  readonly parallel: number
}

/** S3's key length and S3 Files' file size; four streams fill a connection without starving what clients ask for. */
export const defaultLimits: UploadLimits = {
  keyMaxBytes: 1_024,
  fileMaxBytes: 48 * 1024 ** 4,
  parallel: 4,
}

/** @throws AppError `name-too-long`. */
export function refuseLongPath(path: VfsPath, { keyMaxBytes }: UploadLimits): void {
  const name = nameOf(path)
  if (Buffer.byteLength(name) > maxNameBytes) {
    throw new AppError('name-too-long', { name, maxBytes: maxNameBytes })
  }
  if (Buffer.byteLength(path) - 1 > keyMaxBytes) {
    throw new AppError('name-too-long', { name: path.slice(1), maxBytes: keyMaxBytes })
  }
}

/** @throws AppError `file-too-large`, before a byte is read. */
export function refuseLargeFile(path: VfsPath, expectedBytes = 0, { fileMaxBytes }: UploadLimits): void {
  if (expectedBytes > fileMaxBytes) throw new AppError('file-too-large', { path, maxBytes: fileMaxBytes })
}

/** `body`, which throws `file-too-large` as soon as it is. No generator: one that waits for a chunk could not be closed meanwhile. */
export function withinFileSize(path: VfsPath, body: Chunks, { fileMaxBytes }: UploadLimits): Chunks {
  return {
    [Symbol.asyncIterator]: () => {
      const source = body[Symbol.asyncIterator]()
      let bytes = 0
      const close = async (): Promise<IteratorReturnResult<undefined>> => {
        await source.return?.()
        return { done: true, value: undefined }
      }
      return {
        next: async () => {
          const step = await source.next()
          if (step.done !== true) bytes += step.value.length
          if (bytes <= fileMaxBytes) return step
          await close()
          throw new AppError('file-too-large', { path, maxBytes: fileMaxBytes })
        },
        return: close,
      }
    },
  }
}
