import type { Bucket, ObjectVersion, Version } from '../bucket/bucket.ts'
import type { S3Request } from './request.ts'
import { S3Error } from './s3-error.ts'

export interface S3Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: Buffer | string
}

const metadataPrefix = 'x-amz-meta-'

/** HeadObject and GetObject, of a version too; `bytes=` ranges of one part. */
export function getObject(bucket: Bucket, request: S3Request): S3Reply {
  const object = findObject(bucket, request)
  const common = {
    ETag: object.etag,
    'Last-Modified': new Date(object.lastModifiedMs).toUTCString(),
    'Accept-Ranges': 'bytes',
    'Content-Type': 'binary/octet-stream',
    'x-amz-version-id': object.versionId,
    ...Object.fromEntries(
      Object.entries(object.metadata).map(([name, value]) => [metadataPrefix + name, value]),
    ),
  }
  const { range } = request.headers
  if (range === undefined) return { status: 200, headers: common, body: object.body }
  const { first, last } = parseRange(range, object.body.length)
  return {
    status: 206,
    headers: { ...common, 'Content-Range': `bytes ${first}-${last}/${object.body.length}` },
    body: object.body.subarray(first, last + 1),
  }
}

export function putObject(bucket: Bucket, { key, headers, body }: S3Request): S3Reply {
  const metadata = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(metadataPrefix) ? [[name.slice(metadataPrefix.length), String(value)]] : [],
    ),
  )
  const { etag, versionId } = bucket.put(key, body, metadata)
  return { status: 200, headers: { ETag: etag, 'x-amz-version-id': versionId } }
}

export function deleteObject(bucket: Bucket, { key, query }: S3Request): S3Reply {
  const versionId = query.get('versionId')
  const version = versionId === null ? bucket.delete(key) : bucket.deleteVersion(key, versionId)
  return { status: 204, headers: version === undefined ? {} : versionHeaders(version) }
}

function findObject(bucket: Bucket, { key, query }: S3Request): ObjectVersion {
  const versionId = query.get('versionId')
  const version = versionId === null ? bucket.latest(key) : bucket.version(key, versionId)
  if (version === undefined) throw new S3Error(404, versionId === null ? 'NoSuchKey' : 'NoSuchVersion')
  if (!version.isDeleteMarker) return version
  if (versionId === null) throw new S3Error(404, 'NoSuchKey', versionHeaders(version))
  throw new S3Error(405, 'MethodNotAllowed', versionHeaders(version))
}

function versionHeaders({ versionId, isDeleteMarker }: Version): Record<string, string> {
  return { 'x-amz-version-id': versionId, ...(isDeleteMarker ? { 'x-amz-delete-marker': 'true' } : {}) }
}

function parseRange(range: string, size: number): { readonly first: number; readonly last: number } {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? []
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if ((from === '' && to === '') || first > last) throw new S3Error(416, 'InvalidRange')
  return { first, last }
}
