import type { Attributes, ByteRange, Call, Chunks, OpenedFile, SpaceInfo } from './backend.ts'
import type { VfsPath } from './path.ts'

/** A file or directory as clients are told about it. */
export interface Node extends Attributes {
  /**
   * Whole seconds since 1970, for `Last-Modified`. Moves with every change of the content that the front saw, even with
   * several in one second, and for a directory with every change of its children; so it may run ahead of `modifiedMs`.
   */
  readonly lastModifiedSec: number
}

/**
 * A directory with its children by name, Finder's own files included where a client made them.
 * The same object is returned for as long as nothing in it changed, so what is derived from it may be kept in a WeakMap.
 */
export interface Directory {
  readonly node: Node
  readonly children: ReadonlyMap<string, Node>
}

export interface OpenedNode extends Omit<OpenedFile, 'attributes'> {
  readonly node: Node
}

/** What a client did to a path that may have been empty before. */
export interface Placed {
  readonly node: Node
  /** False when something at that path was replaced. */
  readonly created: boolean
}

/**
 * The tree one drive shows to WebDAV: backend, caches and Finder's own files behind one set of paths.
 * Names are found exactly, then in NFC, then in NFD; what is created is created in NFC.
 * Rejects with the codes of `Backend`; a transient fault is held and tried again before it becomes `stalled`.
 */
export interface Vfs {
  stat(path: VfsPath, call: Call): Promise<Node>
  list(path: VfsPath, call: Call): Promise<Directory>
  read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedNode>
  /** @throws `parent-missing`, `is-a-directory`, or what `body` throws: the old content then stays. */
  write(path: VfsPath, body: Chunks, call: Call): Promise<Placed>
  /** @throws `already-exists`, `parent-missing`. */
  makeDirectory(path: VfsPath, call: Call): Promise<Node>
  /** Renames, with Finder's files and dead properties. @throws `already-exists` when something is at `to` and `overwrite` is false; the root is `permission-denied`. */
  move(from: VfsPath, to: VfsPath, overwrite: boolean, call: Call): Promise<Placed>
  /** Copies, dead properties included; a directory with its whole tree, or alone when `depth` is 0. */
  copy(
    from: VfsPath,
    to: VfsPath,
    options: { overwrite: boolean; depth: 0 | 'infinity' },
    call: Call,
  ): Promise<Placed>
  /** Removes a file, or a directory with all that is in it, hidden Finder files included. The root is `permission-denied`. */
  remove(path: VfsPath, call: Call): Promise<void>
  statfs(call: Call): Promise<SpaceInfo>
  readonly properties: DeadProperties
}

/** A property that a client stored and we only keep (RFC 4918 §4): an expanded name and its XML, self-contained. */
export interface DeadProperty {
  readonly namespace: string
  readonly name: string
  /** The whole element as XML text, namespace declarations included. */
  readonly xml: string
}

export type PropertyChange =
  | { readonly kind: 'set'; readonly property: DeadProperty }
  | { readonly kind: 'remove'; readonly namespace: string; readonly name: string }

/** Dead properties by path; kept on the Mac, they move, copy and die with what they belong to. */
export interface DeadProperties {
  of(path: VfsPath): readonly DeadProperty[]
  /** True when any path of the drive has one; lets listings skip the look-up. */
  any(): boolean
  /** All changes or none. */
  change(path: VfsPath, changes: readonly PropertyChange[]): void
}

/** The strong entity tag of a node, quotes included; changes with size, time (sub-second part included) and identity. */
export function etagOf(node: Attributes): string {
  return `"${node.fileId.toString(36)}-${node.size.toString(36)}-${Math.round(node.modifiedMs * 1000).toString(36)}"`
}
