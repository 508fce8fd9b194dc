import type { Clock } from '../../../lib/clock.ts'
import type { Attributes, Listing } from '../backend.ts'
import { isWithin, nameOf, parentOf, rootPath, type VfsPath } from '../path.ts'
import type { Directory, Node } from '../vfs.ts'
import type { DirectoryRecord } from './directory-record.ts'
import { DirectoryRecords } from './directory-records.ts'
import { mergeListing } from './merge-listing.ts'
import { isSameVersion, restamp, stampChanged, stampMoved, stampOutdated, stampTouched } from './stamps.ts'

export interface MetadataCacheOptions {
  readonly clock: Clock
  readonly metadataTtlMs: number
  readonly negativeTtlMs: number
  /** What listings show nothing of. */
  readonly isHidden: (directory: VfsPath, name: string) => boolean
  /** How many children, over all directories, are kept. */
  readonly maxEntries?: number
}

/** One look at the backend under way; ended by exactly one of the `end…` methods or `abandon`. */
export interface Fetch {
  /** The directory whose record the answer goes into. */
  readonly directory: VfsPath
  readonly record: DirectoryRecord
  /** The number of the last mutation before it began. */
  readonly startedAt: number
  readonly startedMs: number
}

/** Knowledge of a path: what is there, that nothing is, or (`undefined`) none. */
export type Known = Node | 'missing' | undefined

const defaultMaxEntries = 100_000
/** What macOS's client has seen it believes this long. */
const clientTtlMs = 60_000

/**
 * What is known of the backend's tree, and how fresh it is. Makes no calls itself: answers come in through a `Fetch`, our
 * own mutations are told when they are done. Mutations are numbered, so that an answer that was on its way while one
 * happened never overwrites what is known from it. All paths are as the backend spells them.
 */
export class MetadataCache {
  readonly #options: MetadataCacheOptions
  readonly #records: DirectoryRecords
  readonly #moving = new Set<VfsPath>()
  #root: Node
  #mutations = 0
  #doubts = 0

  constructor(options: MetadataCacheOptions) {
    this.#options = options
    this.#records = new DirectoryRecords(options.maxEntries ?? defaultMaxEntries)
    const nowMs = options.clock.now()
    this.#root = restamp(undefined, {
      kind: 'directory',
      size: 0,
      modifiedMs: nowMs,
      createdMs: nowMs,
      fileId: 0,
    })
  }

  /** Rises with every mutation, done or in doubt. */
  get mutations(): number {
    return this.#mutations
  }

  /** Rises with every mutation in doubt. */
  get doubts(): number {
    return this.#doubts
  }

  /** What is known of `path` and still within its time. The root is always known, so that it never costs a call. */
  lookup(path: VfsPath): Known {
    if (path === rootPath) return this.#show(path, this.#root)
    const record = this.#records.get(parentOf(path))
    if (record === undefined) return undefined
    const name = nameOf(path)
    const { metadataTtlMs, negativeTtlMs } = this.#options
    if (this.#isWithin(record.listedAtMs, metadataTtlMs))
      return this.#show(path, record.children.get(name)) ?? 'missing'
    if (this.#isWithin(record.seenAtMs.get(name), metadataTtlMs))
      return this.#show(path, record.children.get(name))
    return this.#isWithin(record.missedAtMs.get(name), negativeTtlMs) ? 'missing' : undefined
  }

  /** What was last known of `path`, however old. */
  recall(path: VfsPath): Known {
    if (path === rootPath) return this.#show(path, this.#root)
    const record = this.#records.get(parentOf(path))
    const name = nameOf(path)
    const node = record?.children.get(name)
    if (node !== undefined) return this.#show(path, node)
    return record !== undefined && (record.listedAtMs !== undefined || record.missedAtMs.has(name))
      ? 'missing'
      : undefined
  }

  /** True when a directory above `path` is known not to be there. */
  isBelowMissing(path: VfsPath): boolean {
    for (let above = parentOf(path); above !== rootPath; above = parentOf(above)) {
      if (this.lookup(above) === 'missing') return true
    }
    return false
  }

  /**
   * True when a listing showed that nothing is at `path`, and macOS would still believe that listing itself at `atMs` (monotonic; now
   * when absent).
   */
  wasMissingAt(path: VfsPath, atMs = this.#options.clock.monotonicMs()): boolean {
    const record = this.#records.peek(parentOf(path))
    if (record?.listedAtMs === undefined || record.children.has(nameOf(path))) return false
    return atMs - record.listedAtMs < clientTtlMs
  }

  lookupDirectory(path: VfsPath): Directory | undefined {
    const record = this.#records.get(path)
    return record !== undefined && this.#isWithin(record.listedAtMs, this.#options.metadataTtlMs)
      ? this.#snapshot(path, record)
      : undefined
  }

  recallDirectory(path: VfsPath): Directory | undefined {
    const record = this.#records.get(path)
    return record?.listedAtMs === undefined ? undefined : this.#snapshot(path, record)
  }

  /**
   * True when `path` was listed once, but longer ago than listings are believed; then not again for as long, so that whoever is
   * told may go and list it.
   */
  isDueForListing(path: VfsPath): boolean {
    const record = this.#records.peek(path)
    const { metadataTtlMs } = this.#options
    if (record?.listedAtMs === undefined || this.#isWithin(record.listedAtMs, metadataTtlMs)) return false
    if (this.#isWithin(record.dueAtMs, metadataTtlMs)) return false
    record.dueAtMs = this.#options.clock.monotonicMs()
    return true
  }

  /** Begins a look at the children of `directory`: all of them, or some single one. */
  begin(directory: VfsPath): Fetch {
    const record = this.#records.of(directory)
    record.fetches += 1
    return { directory, record, startedAt: this.#mutations, startedMs: this.#options.clock.monotonicMs() }
  }

  /** True when nothing that is known to have changed meanwhile, or may have, concerns what was looked for as `name`. */
  isCurrent({ directory, record, startedAt }: Fetch, name: string): boolean {
    const changedAt = Math.max(record.changedAt.get(name) ?? 0, record.doubtedAt)
    return this.#records.peek(directory) === record && changedAt <= startedAt
  }

  /** The look came to nothing. */
  abandon(fetch: Fetch): void {
    fetch.record.fetches -= 1
    if (fetch.record.fetches === 0) fetch.record.changedAt.clear()
  }

  /** @returns undefined when the directory was moved or removed meanwhile, so that the listing is nobody's. */
  endList(fetch: Fetch, listing: Listing): Directory | undefined {
    const { directory: path, record, startedAt, startedMs } = fetch
    if (this.#records.peek(path) !== record) {
      this.abandon(fetch)
      return undefined
    }
    const isNoticeable = mergeListing(record, listing, startedAt, (name) =>
      this.#options.isHidden(path, name),
    )
    if (record.doubtedAt <= startedAt) record.listedAtMs = startedMs
    else record.listedAtMs ??= -Infinity
    this.#noteDirectory(path, listing.directory, fetch, isNoticeable)
    this.abandon(fetch)
    this.#records.account(path, record)
    return this.#snapshot(path, record)
  }

  /** @returns the node for these very attributes, even where the cache already knows something newer. */
  endSeen(fetch: Fetch, name: string, attributes: Attributes): Node {
    const { record, startedMs } = fetch
    const known = record.lastKnown(name)
    const isCurrent = this.isCurrent(fetch, name)
    this.abandon(fetch)
    if (!isCurrent && known !== undefined)
      return isSameVersion(known, attributes) ? known : stampOutdated(known, attributes)
    const node = restamp(known, attributes)
    if (!isCurrent) return node
    const isNews = record.isNews(name, node)
    record.set(name, node)
    record.seenAtMs.set(name, startedMs)
    if (isNews) this.touched(fetch.directory)
    this.#records.account(fetch.directory, record)
    return node
  }

  endMissed(fetch: Fetch, name: string): void {
    const { record, startedMs } = fetch
    const isCurrent = this.isCurrent(fetch, name)
    this.abandon(fetch)
    if (!isCurrent || this.#isMoving(fetch.directory)) return
    const wasThere = record.children.has(name)
    record.delete(name)
    record.missedAtMs.set(name, startedMs)
    if (wasThere) this.touched(fetch.directory)
    this.#records.account(fetch.directory, record)
  }

  /** We wrote a file. */
  placed(path: VfsPath, attributes: Attributes): Node {
    const record = this.#change(path)
    const name = nameOf(path)
    const node = stampChanged(record.lastKnown(name), attributes)
    this.#set(record, name, node)
    this.touched(parentOf(path))
    return node
  }

  /** We made a directory; that nothing is in it needs no call to be known, unless something was put there before we heard of it. */
  madeDirectory(path: VfsPath, attributes: Attributes): Node {
    const isEmpty = (this.#records.peek(path)?.children.size ?? 0) === 0
    this.#records.dropWithin(path)
    const node = this.placed(path, attributes)
    if (isEmpty) this.#records.of(path).listedAtMs = this.#options.clock.monotonicMs()
    return node
  }

  /** We removed a file or a whole directory. */
  removed(path: VfsPath): void {
    const record = this.#change(path)
    const name = nameOf(path)
    const wasFile = record.children.get(name)?.kind === 'file'
    record.delete(name)
    record.missedAtMs.set(name, this.#options.clock.monotonicMs())
    if (!wasFile) this.#records.dropWithin(path)
    this.touched(parentOf(path))
  }

  /**
   * Until disposed, we are about to move what is at `from`: what is not found there may just have gone with it, and must not be missing from
   * what is carried to the new place.
   */
  beginMove(from: VfsPath): Disposable {
    this.#moving.add(from)
    return { [Symbol.dispose]: () => void this.#moving.delete(from) }
  }

  /** We moved what was at `from`, with all that is in it, onto `to`, where nothing or a file was. */
  moved(from: VfsPath, to: VfsPath, attributes: Attributes): Node {
    const source = this.#records.get(parentOf(from))?.lastKnown(nameOf(from))
    const carried = this.#records.within(from)
    this.removed(from)
    const target = this.#change(to)
    const name = nameOf(to)
    const node = stampMoved(restamp(source, attributes), target.lastKnown(name))
    this.#set(target, name, node)
    // Whoever looked there already has not seen what waited below `from` to be delivered.
    if (node.kind === 'directory') this.#records.dropWithin(to)
    this.#records.carry(carried, from, to)
    this.touched(parentOf(to))
    return node
  }

  /**
   * A mutation of `path` has ended in a way that does not say whether it happened. An answer on its way is still the best there is: it
   * is given, and not believed afterwards.
   */
  doubt(path: VfsPath): void {
    this.#mutations += 1
    this.#doubts += 1
    const parent = this.#records.of(parentOf(path))
    parent.seenAtMs.delete(nameOf(path))
    parent.missedAtMs.delete(nameOf(path))
    for (const record of [parent, ...this.#records.within(path).map(([, below]) => below)]) {
      record.doubtedAt = this.#mutations
      if (record.listedAtMs !== undefined) record.listedAtMs = -Infinity
      record.seenAtMs.clear()
      record.missedAtMs.clear()
    }
  }

  /** The children of `directory` changed: its stamp has to move, unless nobody has seen the present one. */
  touched(directory: VfsPath): void {
    const record = this.#records.peek(directory)
    if (directory === rootPath) {
      if (record?.isStampShown !== false) this.#root = stampTouched(this.#root)
    } else {
      const parent = this.#records.peek(parentOf(directory))
      const node = parent?.children.get(nameOf(directory))
      if (parent === undefined || node === undefined) return
      if (record?.isStampShown !== false || parent.areChildrenShown)
        parent.set(nameOf(directory), stampTouched(node))
    }
    if (record !== undefined) record.isStampShown = false
  }

  #noteDirectory(path: VfsPath, attributes: Attributes, fetch: Fetch, isNoticeable: boolean): void {
    if (path === rootPath) {
      const node = restamp(this.#root, attributes)
      this.#root = isNoticeable && node === this.#root ? stampTouched(node) : node
      return
    }
    const parent = this.#records.of(parentOf(path))
    const name = nameOf(path)
    const known = parent.lastKnown(name)
    const isOurs = known !== undefined && (parent.changedAt.get(name) ?? 0) > fetch.startedAt
    const node = isOurs ? known : restamp(known, attributes)
    fetch.record.self = isNoticeable && node === known ? stampTouched(node) : node
    parent.set(name, fetch.record.self)
    parent.seenAtMs.set(name, fetch.startedMs)
  }

  #snapshot(path: VfsPath, record: DirectoryRecord): Directory | undefined {
    const node =
      path === rootPath
        ? this.#root
        : (this.#records.peek(parentOf(path))?.children.get(nameOf(path)) ?? record.self)
    if (node === undefined) return undefined
    record.isStampShown = true
    return record.snapshot(node)
  }

  #show(path: VfsPath, node: Node | undefined): Node | undefined {
    if (node?.kind === 'directory') {
      const record = this.#records.peek(path)
      if (record !== undefined) record.isStampShown = true
    }
    return node
  }

  #change(path: VfsPath): DirectoryRecord {
    const record = this.#records.of(parentOf(path))
    this.#mutations += 1
    if (record.fetches > 0) record.changedAt.set(nameOf(path), this.#mutations)
    return record
  }

  #set(record: DirectoryRecord, name: string, node: Node): void {
    record.set(name, node)
    record.seenAtMs.set(name, this.#options.clock.monotonicMs())
  }

  #isMoving(directory: VfsPath): boolean {
    return this.#moving.size > 0 && [...this.#moving].some((from) => isWithin(directory, from))
  }

  #isWithin(atMs: number | undefined, ttlMs: number): boolean {
    return atMs !== undefined && this.#options.clock.monotonicMs() - atMs < ttlMs
  }
}
