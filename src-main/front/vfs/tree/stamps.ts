import type { Attributes } from '../backend.ts'
import type { Node } from '../vfs.ts'

/*
 * macOS keeps a file's copy by the whole seconds of `Last-Modified` and asks "changed since?" with them, so two versions
 * of a path must never carry the same second: the client would keep the old bytes for good.
 */

/** `attributes` as a node, given the last node known at that path; that very node when nothing changed. */
export function restamp(previous: Node | undefined, attributes: Attributes): Node {
  if (previous === undefined) return nodeOf(attributes, wholeSeconds(attributes))
  if (isSameVersion(previous, attributes)) return previous
  return nodeOf(attributes, Math.max(wholeSeconds(attributes), previous.lastModifiedSec + 1))
}

/** What a write of ours left at a path: a new version, even if its attributes look like the old one's. */
export function stampChanged(previous: Node | undefined, attributes: Attributes): Node {
  return nodeOf(
    attributes,
    Math.max(wholeSeconds(attributes), previous === undefined ? 0 : previous.lastModifiedSec + 1),
  )
}

/** `node`, brought from elsewhere onto a path where `replaced` was: never earlier than it was, and later than what was there. */
export function stampMoved(node: Node, replaced: Node | undefined): Node {
  if (replaced === undefined || isSameVersion(replaced, node)) return node
  return nodeOf(node, Math.max(node.lastModifiedSec, replaced.lastModifiedSec + 1))
}

/** A directory whose children changed. */
export function stampTouched(directory: Node): Node {
  return nodeOf(directory, directory.lastModifiedSec + 1)
}

/** For bytes of a version that `current` has already replaced: a stamp that neither `current` nor a later one carries. */
export function stampOutdated(current: Node, attributes: Attributes): Node {
  return nodeOf(attributes, Math.min(wholeSeconds(attributes), current.lastModifiedSec - 1))
}

export function isSameVersion(one: Attributes, other: Attributes): boolean {
  return (
    one.modifiedMs === other.modifiedMs &&
    one.size === other.size &&
    one.fileId === other.fileId &&
    one.kind === other.kind &&
    one.createdMs === other.createdMs
  )
}

/** True when the stamp says more than the backend's time does, so that losing it would let it go back. */
export function isAhead(node: Node): boolean {
  return node.lastModifiedSec > wholeSeconds(node)
}

function wholeSeconds(attributes: Attributes): number {
  return Math.floor(attributes.modifiedMs / 1_000)
}

function nodeOf(attributes: Attributes, lastModifiedSec: number): Node {
  const { kind, size, modifiedMs, createdMs, fileId } = attributes
  return { kind, size, modifiedMs, createdMs, fileId, lastModifiedSec }
}
