import type { Attributes } from '../backend.ts'
import { isWithin, nameOf, parentOf, type VfsPath } from '../path.ts'
import type { UploadId, UploadRecord } from './upload.ts'

/** An upload as it is now. `record` is what the store has, or has yet to be told. */
export interface LiveUpload {
  record: UploadRecord
  isDelivering: boolean
  /** Bytes handed to the backend by the delivery under way. */
  sentBytes: number
  /** Whoever waits for the delivery (write-through). Resolves with what is at the path then. */
  settled?: PromiseWithResolvers<Attributes> | undefined
}

/**
 * A path with bodies that are on their way: `newest` is what clients see. `earlier` has been replaced by it, but its delivery
 * is under way or had an unknown end, so it is needed to recognise its content at the backend. There is at most one:
 * the next delivery of the path begins by finding that out.
 */
export interface PendingFile {
  path: VfsPath
  newest: LiveUpload
  earlier: LiveUpload | undefined
}

/** All pending files: by path, by directory, and below a path. */
export class PendingIndex {
  readonly #byDirectory = new Map<VfsPath, Map<string, PendingFile>>()
  readonly #files = new Map<VfsPath, PendingFile>()
  readonly #byId = new Map<UploadId, PendingFile>()

  at(path: VfsPath): PendingFile | undefined {
    return this.#files.get(path)
  }

  /** The file that has the upload, and the upload. */
  find(id: UploadId): { readonly file: PendingFile; readonly upload: LiveUpload } | undefined {
    const file = this.#byId.get(id)
    const upload = file?.newest.record.id === id ? file.newest : file?.earlier
    return file === undefined || upload === undefined ? undefined : { file, upload }
  }

  /** By name; undefined where nothing is pending. */
  childrenOf(directory: VfsPath): ReadonlyMap<string, PendingFile> | undefined {
    return this.#byDirectory.get(directory)
  }

  /** What is pending at `path` or below it. */
  within(path: VfsPath): readonly PendingFile[] {
    const found: PendingFile[] = []
    const own = this.#files.get(path)
    if (own !== undefined) found.push(own)
    for (const [directory, files] of this.#byDirectory) {
      if (isWithin(directory, path)) found.push(...files.values())
    }
    return found
  }

  /** The directories at `path` or below it in which something is pending. */
  directoriesWithin(path: VfsPath): readonly VfsPath[] {
    return [...this.#byDirectory.keys()].filter((directory) => isWithin(directory, path))
  }

  files(): MapIterator<PendingFile> {
    return this.#files.values()
  }

  /** Takes in `file`, or what changed about it. Its path must be free or its own. */
  put(file: PendingFile): void {
    const directory = parentOf(file.path)
    const siblings = this.#byDirectory.get(directory) ?? new Map<string, PendingFile>()
    this.#byDirectory.set(directory, siblings)
    siblings.set(nameOf(file.path), file)
    this.#files.set(file.path, file)
    for (const { record } of uploadsOf(file)) this.#byId.set(record.id, file)
  }

  delete(file: PendingFile): void {
    if (this.#files.get(file.path) !== file) return
    this.#files.delete(file.path)
    const directory = parentOf(file.path)
    const siblings = this.#byDirectory.get(directory)
    siblings?.delete(nameOf(file.path))
    if (siblings?.size === 0) this.#byDirectory.delete(directory)
    for (const { record } of uploadsOf(file)) this.forget(record.id)
  }

  /** An upload of a file that stays is no longer one. */
  forget(id: UploadId): void {
    this.#byId.delete(id)
  }
}

export function uploadsOf({ newest, earlier }: PendingFile): readonly LiveUpload[] {
  return earlier === undefined ? [newest] : [earlier, newest]
}

export function idsOf(files: readonly PendingFile[]): readonly UploadId[] {
  return files.flatMap((file) => uploadsOf(file).map(({ record }) => record.id))
}

export function liveUpload(record: UploadRecord): LiveUpload {
  return { record, isDelivering: false, sentBytes: 0 }
}

/** True when nothing of `file` can be at the backend: no version it replaces, no delivery that may have happened. */
export function isOnlyHere({ newest: { record }, earlier }: PendingFile): boolean {
  return record.base === 'nothing' && !record.attempted && earlier === undefined
}

/** True when it waits to be delivered or is being so; what needs attention does not. */
export function isPending({ newest }: PendingFile): boolean {
  return newest.record.attention === undefined
}

/** The oldest first. */
export function byAge(one: PendingFile, other: PendingFile): number {
  return one.newest.record.id - other.newest.record.id
}
