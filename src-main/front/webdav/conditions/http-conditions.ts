import type { IncomingHttpHeaders } from 'node:http'

import { etagOf, type Node } from '../../vfs/vfs.ts'
import { parseHttpDate } from '../dates.ts'

/** What RFC 9110 §13.2.2 makes of a request's preconditions. */
export type Verdict = 'go-on' | 'failed' | 'not-modified'

/** True when the request carries any precondition, i.e. the current state has to be looked up before it is judged. */
export function hasConditions(headers: IncomingHttpHeaders): boolean {
  return (
    headers['if-match'] !== undefined ||
    headers['if-none-match'] !== undefined ||
    headers['if-unmodified-since'] !== undefined ||
    headers['if-modified-since'] !== undefined
  )
}

/**
 * Judges the preconditions against `node` (undefined: nothing there). `not-modified` is for GET and HEAD alone.
 * `If-Modified-Since` is compared for equality: a file that was replaced by an older one has changed as well, and macOS
 * always sends back exactly the date it was given.
 */
export function judgeConditions(
  headers: IncomingHttpHeaders,
  node: Node | undefined,
  isRead: boolean,
): Verdict {
  const etag = node === undefined || node.kind === 'directory' ? undefined : etagOf(node)
  const ifMatch = headers['if-match']
  const ifNoneMatch = headers['if-none-match']

  if (ifMatch !== undefined) {
    if (!(ifMatch.trim() === '*' ? node !== undefined : listsTag(ifMatch, etag, 'strong'))) return 'failed'
  } else {
    const since = parseHttpDate(headers['if-unmodified-since'])
    if (since !== undefined && node !== undefined && node.lastModifiedSec > since) return 'failed'
  }

  if (ifNoneMatch !== undefined) {
    const matches = ifNoneMatch.trim() === '*' ? node !== undefined : listsTag(ifNoneMatch, etag, 'weak')
    if (matches) return isRead ? 'not-modified' : 'failed'
  } else if (isRead) {
    const since = parseHttpDate(headers['if-modified-since'])
    if (since !== undefined && since === node?.lastModifiedSec) return 'not-modified'
  }
  return 'go-on'
}

/** True when a `Range` is to be honoured: no `If-Range`, or one that names exactly this content. */
export function rangeApplies(ifRange: string | undefined, node: Node): boolean {
  if (ifRange === undefined) return true
  const text = ifRange.trim()
  return text.startsWith('"') || text.startsWith('W/')
    ? text === etagOf(node)
    : parseHttpDate(text) === node.lastModifiedSec
}

/** Our tags are strong, so a weak one in the list can match only where weak comparison is allowed. */
function listsTag(list: string, etag: string | undefined, comparison: 'strong' | 'weak'): boolean {
  if (etag === undefined) return false
  const tags = list.match(/(?:W\/)?"[^"]*"/g) ?? []
  return tags.some((tag) => tag === etag || (comparison === 'weak' && tag === `W/${etag}`))
}
