import type { Bucket, ObjectVersion, Version } from '../bucket/bucket.ts'
import type { S3Reply } from './objects.ts'
import { S3Error } from './s3-error.ts'
import { element, xmlDocument, type Xml } from './xml.ts'

const defaultMaxKeys = 1000

/** One line of a listing: an item, or everything below a common prefix. */
type Line<T> = { readonly item: T; readonly key: string } | { readonly commonPrefix: string }

export function listObjectsV2(bucket: Bucket, query: URLSearchParams): S3Reply {
  const objects = bucket.keys().flatMap((key) => bucket.object(key) ?? [])
  const after = decodeToken(query.get('continuation-token')) ?? query.get('start-after') ?? ''
  const lines = fold(objects, query).filter((line) => isAfter(lineName(line), after))
  const page = lines.slice(0, maxKeysOf(query))
  const isTruncated = page.length < lines.length
  const last = page.at(-1)
  return reply('ListBucketResult', [
    ...commonElements(bucket, query, isTruncated),
    element('KeyCount', String(page.length)),
    isTruncated && last ? element('NextContinuationToken', encodeToken(lineName(last))) : undefined,
    ...page.map((line) => ('item' in line ? objectElement('Contents', line.item) : prefixElement(line))),
  ])
}

export function listObjectVersions(bucket: Bucket, query: URLSearchParams): S3Reply {
  const versions = bucket.keys().flatMap((key) => bucket.versions(key))
  const lines = fold(versions, query)
  const from = startOfVersions(lines, query)
  const page = lines.slice(from, from + maxKeysOf(query))
  const isTruncated = from + page.length < lines.length
  const last = page.at(-1)
  const next = isTruncated && last !== undefined ? [element('NextKeyMarker', lineName(last))] : []
  if (next.length > 0 && last !== undefined && 'item' in last) {
    next.push(element('NextVersionIdMarker', last.item.versionId))
  }
  const isLatest = ({ key, versionId }: Version): boolean => bucket.latest(key)?.versionId === versionId
  return reply('ListVersionsResult', [
    ...commonElements(bucket, query, isTruncated),
    ...next,
    ...page.map((line) =>
      'item' in line ? versionElement(line.item, isLatest(line.item)) : prefixElement(line),
    ),
  ])
}

/** Items below the prefix, in order; those that share a part up to the delimiter become one line. */
function fold<T extends { readonly key: string }>(items: readonly T[], query: URLSearchParams): Line<T>[] {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const seen = new Set<string>()
  return items.flatMap((item): Line<T>[] => {
    if (!item.key.startsWith(prefix)) return []
    const end = delimiter === '' ? -1 : item.key.indexOf(delimiter, prefix.length)
    if (end === -1) return [{ item, key: item.key }]
    const commonPrefix = item.key.slice(0, end + delimiter.length)
    if (seen.has(commonPrefix)) return []
    seen.add(commonPrefix)
    return [{ commonPrefix }]
  })
}

function startOfVersions(lines: readonly Line<Version>[], query: URLSearchParams): number {
  const keyMarker = query.get('key-marker') ?? ''
  const versionIdMarker = query.get('version-id-marker')
  const isLastSeen = (line: Line<Version>): boolean =>
    'item' in line && line.key === keyMarker && line.item.versionId === versionIdMarker
  const index =
    versionIdMarker === null
      ? lines.findIndex((line) => isAfter(lineName(line), keyMarker))
      : lines.findIndex(isLastSeen) + 1
  return index === -1 ? lines.length : index
}

function commonElements(bucket: Bucket, query: URLSearchParams, isTruncated: boolean): Xml[] {
  return [
    element('Name', bucket.name),
    element('Prefix', query.get('prefix') ?? ''),
    element('MaxKeys', String(maxKeysOf(query))),
    element('IsTruncated', String(isTruncated)),
  ]
}

function objectElement(name: string, object: ObjectVersion, facts: readonly Xml[] = []): Xml {
  return element(name, [
    element('Key', object.key),
    ...facts,
    element('LastModified', new Date(object.lastModifiedMs).toISOString()),
    element('ETag', object.etag),
    element('Size', String(object.body.length)),
    element('StorageClass', 'STANDARD'),
  ])
}

function versionElement(version: Version, isLatest: boolean): Xml {
  const facts = [element('VersionId', version.versionId), element('IsLatest', String(isLatest))]
  if (!version.isDeleteMarker) return objectElement('Version', version, facts)
  return element('DeleteMarker', [
    element('Key', version.key),
    ...facts,
    element('LastModified', new Date(version.lastModifiedMs).toISOString()),
  ])
}

function prefixElement({ commonPrefix }: { readonly commonPrefix: string }): Xml {
  return element('CommonPrefixes', [element('Prefix', commonPrefix)])
}

function reply(name: string, children: readonly (Xml | undefined)[]): S3Reply {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/xml' },
    body: xmlDocument(element(name, children)),
  }
}

function maxKeysOf(query: URLSearchParams): number {
  const value = query.get('max-keys') ?? String(defaultMaxKeys)
  if (!/^\d+$/.test(value)) throw new S3Error(400, 'InvalidArgument')
  return Math.min(Number(value), defaultMaxKeys)
}

function lineName<T>(line: Line<T>): string {
  return 'item' in line ? line.key : line.commonPrefix
}

function isAfter(name: string, marker: string): boolean {
  return Buffer.compare(Buffer.from(name), Buffer.from(marker)) > 0
}

function encodeToken(key: string): string {
  return Buffer.from(key).toString('base64url')
}

function decodeToken(token: string | null): string | undefined {
  return token === null ? undefined : Buffer.from(token, 'base64url').toString()
}
