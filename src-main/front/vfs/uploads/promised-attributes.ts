import { LRUCache } from 'lru-cache'

import type { Attributes } from '../backend.ts'
import { isWithin, joinPath, nameOf, parentOf, rebase, type VfsPath } from '../path.ts'
import type { BaseVersion, UploadId } from './upload.ts'
import type { Delivered } from './upload-store.ts'

const maxRemembered = 10_000
const maxGivenUp = 1_000

/** Files that were delivered while a listing of their directory was on its way: the listing may not have them yet. */
export interface ArrivalWatch extends Disposable {
  readonly arrived: ReadonlyMap<string, Attributes>
}

/**
 * What clients were told about files when they saved them, kept true after the delivery for as long as the backend shows
 * exactly the version that was delivered: neither `ETag` nor `Last-Modified` of an unchanged file ever changes.
 * Bounded; of the files longest unchanged the backend's own attributes are shown again, which costs a client one look.
 */
export class PromisedAttributes {
  readonly #byDirectory = new Map<VfsPath, Map<string, Delivered>>()
  /** In the order of delivery. */
  readonly #byPath = new Map<VfsPath, Delivered>()
  /** Of uploads that never came to stand at their path: what they were to replace there. */
  readonly #givenUp = new LRUCache<number, { readonly base: BaseVersion }>({ max: maxGivenUp })
  readonly #watches = new Set<{ readonly directory: VfsPath; readonly arrived: Map<string, Attributes> }>()

  constructor(delivered: readonly Delivered[]) {
    for (const entry of delivered) this.#remember(entry)
  }

  noteDelivered(entry: Delivered): void {
    this.#remember(entry)
    const directory = parentOf(entry.path)
    for (const watch of this.#watches) {
      if (watch.directory === directory) watch.arrived.set(nameOf(entry.path), entry.promised)
    }
  }

  /** An upload was given up or went elsewhere; clients may still know its path by what it promised. */
  noteGivenUp(promised: Attributes, base: BaseVersion): void {
    this.#givenUp.set(promised.fileId, { base })
  }

  /** What the backend says of `path`, in the words that clients know. */
  shown(path: VfsPath, attributes: Attributes): Attributes {
    const entry = this.#byPath.get(path)
    return entry !== undefined && isSameContent(entry.backend, attributes) ? entry.promised : attributes
  }

  /** The same for a whole listing; the same map when there is nothing to say. */
  shownEntries(
    directory: VfsPath,
    entries: ReadonlyMap<string, Attributes>,
  ): ReadonlyMap<string, Attributes> {
    const delivered = this.#byDirectory.get(directory)
    if (delivered === undefined) return entries
    const shown = new Map(entries)
    for (const name of delivered.keys()) {
      const attributes = entries.get(name)
      if (attributes !== undefined) shown.set(name, this.shown(joinPath(directory, name), attributes))
    }
    return shown
  }

  /** The version of the backend's that clients mean who know `path` as `known`. */
  versionOf(path: VfsPath, known: BaseVersion): BaseVersion {
    if (typeof known === 'string') return known
    if (!isPromised(known)) return versionIn(known)
    const entry = this.#byPath.get(path)
    if (entry?.promised.fileId === known.fileId) return entry.backend
    return this.#givenUp.get(known.fileId)?.base ?? 'unknown'
  }

  /** Collects what is delivered into `directory` until disposed. */
  watchArrivals(directory: VfsPath): ArrivalWatch {
    const watch = { directory, arrived: new Map<string, Attributes>() }
    this.#watches.add(watch)
    return { arrived: watch.arrived, [Symbol.dispose]: () => void this.#watches.delete(watch) }
  }

  /** Takes along what is known of `from` and below. Not durable: after a restart the backend's own attributes are shown. */
  move(from: VfsPath, to: VfsPath): void {
    const moved = this.#within(from)
    this.forgetWithin(to)
    for (const entry of moved) this.#forget(entry.path)
    for (const entry of moved) this.#remember({ ...entry, path: rebase(entry.path, from, to) })
  }

  forgetWithin(path: VfsPath): void {
    for (const entry of this.#within(path)) this.#forget(entry.path)
  }

  #within(path: VfsPath): readonly Delivered[] {
    const own = this.#byPath.get(path)
    const below = [...this.#byDirectory].filter(([directory]) => isWithin(directory, path))
    return [...(own === undefined ? [] : [own]), ...below.flatMap(([, entries]) => [...entries.values()])]
  }

  #remember(entry: Delivered): void {
    this.#forget(entry.path)
    this.#byPath.set(entry.path, entry)
    const directory = parentOf(entry.path)
    const siblings = this.#byDirectory.get(directory) ?? new Map<string, Delivered>()
    this.#byDirectory.set(directory, siblings)
    siblings.set(nameOf(entry.path), entry)
    const [oldest] = this.#byPath.keys()
    if (this.#byPath.size > maxRemembered && oldest !== undefined) this.#forget(oldest)
  }

  #forget(path: VfsPath): void {
    if (!this.#byPath.delete(path)) return
    const directory = parentOf(path)
    const siblings = this.#byDirectory.get(directory)
    siblings?.delete(nameOf(path))
    if (siblings?.size === 0) this.#byDirectory.delete(directory)
  }
}

/** What clients are told of an upload. Its file id is below zero, where no backend has one: so a promise is known as one. */
export function promise(id: UploadId, size: number, nowMs: number, createdMs: number): Attributes {
  return { kind: 'file', size, modifiedMs: nowMs, createdMs, fileId: -id }
}

/** True when both are the same version of a file's content. */
export function isSameContent(one: Attributes, other: Attributes): boolean {
  return (
    one.kind === other.kind &&
    one.size === other.size &&
    one.modifiedMs === other.modifiedMs &&
    one.fileId === other.fileId
  )
}

function isPromised({ fileId }: Attributes): boolean {
  return fileId < 0
}

/** Without whatever else the holder of `attributes` knows. */
function versionIn({ kind, size, modifiedMs, createdMs, fileId }: Attributes): Attributes {
  return { kind, size, modifiedMs, createdMs, fileId }
}
