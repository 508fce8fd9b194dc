import type { VfsPath } from './path.ts'

/** What a backend knows about one file or directory. Times are milliseconds since 1970 and keep their fraction. */
export interface Attributes {
  readonly kind: 'file' | 'directory'
  /** Bytes; 0 for a directory. */
  readonly size: number
  readonly modifiedMs: number
  readonly createdMs: number
  /** Changes when another file takes this path (an inode number, say), so that a replacement of the same size and time shows. */
  readonly fileId: number
}

/** A directory with all its children, by the exact names the backend has for them. */
export interface Listing {
  readonly directory: Attributes
  readonly entries: ReadonlyMap<string, Attributes>
}

/** Bytes `start` to `end`, both inclusive, as in RFC 9110; an `end` past the last byte means the last byte. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * A chunk belongs to whoever took it until the next one is asked for; then its memory may be written over.
 * Ending the iteration early (`return`) closes what feeds it.
 */
export type Chunks = AsyncIterable<Uint8Array>

export interface OpenedFile {
  /** Of the very file the bytes come from, which may be newer than the last `stat`. */
  readonly attributes: Attributes
  /** How many bytes `body` yields when nothing goes wrong. */
  readonly length: number
  readonly body: Chunks
  /** Gives the file back without reading it (to its end). Harmless after `body` has ended. */
  close(): Promise<void>
}

/** What every backend call carries. An aborted signal ends the call with `cancelled`, and nothing of it goes on behind it. */
export interface Call {
  readonly signal: AbortSignal
  /** Of a write: how long its body will be, as far as the client said. A hint for refusing early, never a promise. */
  readonly expectedBytes?: number | undefined
}

export interface SpaceInfo {
  readonly totalBytes: number
  readonly freeBytes: number
}

/**
 * Where a front gets files from. Paths are relative to the drive's root. Names are taken byte for byte: Unicode forms,
 * caching, Finder's own files and patience are the vfs's business, not a backend's.
 *
 * Every method rejects with an `AppError`: `not-found`, `parent-missing`, `not-a-directory`, `is-a-directory`,
 * `already-exists`, `permission-denied`, `read-only`, `outside-root`, `name-too-long`, `no-space`, `busy`, `cancelled`,
 * `stalled` (no answer in time; may be tried again) or `backend-failed`.
 */
export interface Backend {
  /** A directory's own attributes and those of all its children, in one call. */
  list(path: VfsPath, call: Call): Promise<Listing>
  stat(path: VfsPath, call: Call): Promise<Attributes>
  /** The file's bytes, or `range` of them. A range that starts at or past the end yields an empty body. */
  read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedFile>
  /**
   * Makes `body` the whole content of `path`, creating it where there is none. Until it resolves, readers see the old
   * content; when it rejects (a body that throws, too), the old content stays and no trace of the new is left.
   */
  write(path: VfsPath, body: Chunks, call: Call): Promise<Attributes>
  makeDirectory(path: VfsPath, call: Call): Promise<Attributes>
  /** Renames; a file at `to` is replaced atomically. A directory at `to` is refused with `already-exists`. */
  move(from: VfsPath, to: VfsPath, call: Call): Promise<Attributes>
  /** Removes a file, or a directory with all that is in it. */
  remove(path: VfsPath, call: Call): Promise<void>
  statfs(call: Call): Promise<SpaceInfo>
}
