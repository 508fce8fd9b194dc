/** A file from its save to its object in S3. Times are milliseconds since 1970, by this machine's clock. */
export interface FileOnItsWay {
  readonly path: string
  /** Of its newest save; a delivery of an earlier one means nothing any more. */
  readonly uploadId: number
  readonly size: number
  /** Its last write. */
  readonly savedMs: number
  /** When the backend had it; absent while it is still on this machine. */
  readonly deliveredMs: number | undefined
}

/** One that S3 Files has and S3 has not been seen to have. */
export type DeliveredFile = FileOnItsWay & { readonly deliveredMs: number }

export function isDelivered(file: FileOnItsWay): file is DeliveredFile {
  return file.deliveredMs !== undefined
}
