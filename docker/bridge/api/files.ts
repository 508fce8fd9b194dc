/**
 * The file service of an agent, HTTP/1.1, `Authorization: Bearer <token>` on every request. `path` is relative to the
 * mount, UTF-8, percent-encoded once (a plus sign is a plus sign), without a slash at either end; the mount itself is the
 * empty path.
 *
 * | request | answer |
 * | --- | --- |
 * | `GET /v1/directory?path=` | 200, NDJSON: `DirectoryLine`s; one without its `end` was cut off |
 * | `GET /v1/attributes?path=` | 200, `FileAttributes` |
 * | `GET /v1/content?path=[&start=&end=]` | 200 with the bytes (`end` inclusive), `Content-Length`, and the file's `FileAttributes` in the header |
 * | `PUT /v1/content?path=[&size=]` | 200, `FileAttributes`, once it is whole, durable and in place; a body that breaks off leaves no trace |
 * | `POST /v1/directory?path=` | 201, `FileAttributes` |
 * | `POST /v1/move?from=&to=` | 200, `FileAttributes`; replaces a file, never a directory |
 * | `DELETE /v1/entry?path=` | 200, NDJSON: `RemovalLine`s, the last of them `done` or `error` |
 * | `PUT /v1/times?path=&modifiedMs=` | 200, `FileAttributes` |
 * | `GET /v1/space` | 200, `Space` |
 * | `POST /v1/cancel?call=` | 204; the call that carries this id ends as soon as it can, and says itself what became of it |
 * | `GET /v1/export-status?path=` | 200, `ExportStatus`; 404 also where the server keeps none |
 *
 * A failure before the first byte of an answer is `BridgeErrorBody` with the status of `statusOf`. After it, a body of bytes is cut off (the length tells)
 * and an NDJSON body ends with `{ "error": BridgeErrorBody }`.
 *
 * A body may be asked for first (`Expect: 100-continue`): 100 comes once nothing refuses the write, else the refusal does, and the connection ends.
 *
 * Whoever hangs up cancels, but does not learn whether the change happened. A call that changes something may therefore carry an id
 * in `callHeader`; cancelled by it, it is answered with `cancelled` when nothing of it happened or will, and as ever when it did.
 * A call that arrives after its own cancellation is answered likewise.
 */
export const fileRoutes = {
  directory: '/v1/directory',
  attributes: '/v1/attributes',
  content: '/v1/content',
  move: '/v1/move',
  entry: '/v1/entry',
  times: '/v1/times',
  space: '/v1/space',
  exportStatus: '/v1/export-status',
  cancel: '/v1/cancel',
} as const

/** Names a call for `POST /v1/cancel`: up to 64 letters, digits and hyphens, never used twice. */
export const callHeader = 'mountbar-call'

/** Carries the `FileAttributes` of the very file whose bytes follow, as JSON. */
export const attributesHeader = 'mountbar-attributes'

/** Times are milliseconds since 1970 with their fraction. `fileId` changes when another file takes the path. */
export interface FileAttributes {
  readonly kind: 'file' | 'directory'
  readonly size: number
  readonly modifiedMs: number
  readonly createdMs: number
  readonly fileId: number
}

/** `f`ile or `d`irectory, size, modifiedMs, createdMs, fileId: a listing has thousands of these. */
export type PackedAttributes = readonly ['f' | 'd', number, number, number, number]

export type DirectoryLine =
  | { readonly directory: FileAttributes }
  | readonly [name: string, ...attributes: PackedAttributes]
  | { readonly end: number }

export type RemovalLine = { readonly removed: number } | { readonly done: true }

export interface Space {
  readonly totalBytes: number
  readonly freeBytes: number
}

/** What S3 Files tells of one file (`user.s3files.status`). */
export interface ExportStatus {
  /** `s3://…` of the object; absent when the file was never exported. */
  readonly objectUrl?: string
  /** AWS's name of a failure that it will not try again. */
  readonly exportError?: string
  /** Where a file in lost+found came from. */
  readonly filePath?: string
}
