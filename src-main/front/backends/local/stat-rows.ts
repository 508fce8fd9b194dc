/** What the worker of `StatBatches` is asked: the entries `names` of the directory `dir`. */
export interface StatRequest {
  readonly dir: string
  readonly names: readonly string[]
}

/** Its answer: rows for the first `count` names. It stops early when the disk is too slow to be asked in turn. */
export interface StatReply {
  readonly count: number
  readonly rows: Float64Array
}

/** One row: kind, size, mtimeMs, birthtimeMs, ino. Numbers only, so that a whole directory crosses threads as one block of memory. */
export const fieldsPerRow = 5

export const rowKinds = {
  /** A link, or an entry that could not be asked about: needs a closer look. */
  unsettled: 0,
  file: 1,
  directory: 2,
  /** Gone, or a special file. */
  unlisted: 3,
} as const
