import type { Listing } from '../backend.ts'
import type { Node } from '../vfs.ts'
import type { DirectoryRecord } from './directory-record.ts'
import { restamp } from './stamps.ts'

/**
 * Takes a listing into `record`: nodes that did not change are kept, and when none did, so is the whole map of them.
 * Names in `isHidden` are left out. What a mutation numbered after `startedAt` said about a name stands against the listing.
 * @returns true when a client that saw the directory before must notice a change.
 */
export function mergeListing(
  record: DirectoryRecord,
  listing: Listing,
  startedAt: number,
  isHidden: (name: string) => boolean,
): boolean {
  const wasComplete = record.listedAtMs !== undefined
  const before = record.children
  const isOurs = (name: string): boolean => (record.changedAt.get(name) ?? 0) > startedAt
  const ours = record.changedAt.size > 0
  const children = new Map<string, Node>()
  let hasNewNodes = false
  let isNoticeable = false

  for (const [name, attributes] of listing.entries) {
    if (isHidden(name) || (ours && isOurs(name))) continue
    const known = before.get(name)
    const node = restamp(known ?? record.past.get(name), attributes)
    children.set(name, node)
    if (node === known) continue
    hasNewNodes = true
    isNoticeable ||= record.isNews(name, node)
  }
  if (ours) {
    for (const [name, node] of before) if (isOurs(name)) children.set(name, node)
  }
  for (const [name, node] of before) {
    if (children.has(name)) continue
    record.past.set(name, node)
    isNoticeable = true
  }
  if (hasNewNodes || isNoticeable || !wasComplete) record.replaceAll(children)
  record.forgetFound()
  return isNoticeable
}
