import type { Clock } from '../../../lib/clock.ts'
import type { Attributes, Listing } from '../backend.ts'
import { nameOf, parentOf, rootPath, type VfsPath } from '../path.ts'
import type { Directory, Node } from '../vfs.ts'
import type { DirectoryRecord } from './directory-record.ts'
import { mergeListing } from './merge-listing.ts'
import { isSameVersion, restamp, stampOutdated, stampTouched } from './stamps.ts'
import type { TreeMemory } from './tree-memory.ts'

/** One look at the backend under way; ended by exactly one of the `end…` methods or `abandon`. */
export interface Look {
  /** The directory whose record the answer goes into. */
  readonly directory: VfsPath
  readonly record: DirectoryRecord
  /** The number of the last mutation before it began. */
  readonly startedAt: number
  readonly startedMs: number
}

/** Takes in what looks at the backend have shown; what one of our mutations has overtaken never undoes what is known from that. */
export class Looks {
  readonly #memory: TreeMemory
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #isHidden: (directory: VfsPath, name: string) => boolean

  /** Listings show nothing of what `isHidden`. */
  constructor(
    memory: TreeMemory,
    clock: Pick<Clock, 'monotonicMs'>,
    isHidden: (directory: VfsPath, name: string) => boolean,
  ) {
    this.#memory = memory
    this.#clock = clock
    this.#isHidden = isHidden
  }

  /** Begins a look at the children of `directory`: all of them, or some single one. */
  begin(directory: VfsPath): Look {
    const record = this.#memory.records.of(directory)
    record.looks += 1
    return { directory, record, startedAt: this.#memory.mutations, startedMs: this.#clock.monotonicMs() }
  }

  /** True when nothing that is known to have changed meanwhile, or may have, concerns what was looked for as `name`. */
  isCurrent({ directory, record, startedAt }: Look, name: string): boolean {
    const changedAt = Math.max(record.changedAt.get(name) ?? 0, record.doubtedAt)
    return this.#memory.records.peek(directory) === record && changedAt <= startedAt
  }

  /** The look came to nothing. */
  abandon({ record }: Look): void {
    record.looks -= 1
    if (record.looks === 0) record.changedAt.clear()
  }

  /** @returns undefined when the directory was moved or removed meanwhile, so that the listing is nobody's. */
  endList(look: Look, listing: Listing): Directory | undefined {
    const { directory: path, record, startedAt, startedMs } = look
    const { records } = this.#memory
    if (records.peek(path) !== record) {
      this.abandon(look)
      return undefined
    }
    const isNoticeable = mergeListing(record, listing, startedAt, (name) => this.#isHidden(path, name))
    if (record.doubtedAt <= startedAt) record.listedAtMs = startedMs
    else record.listedAtMs ??= -Infinity
    this.#noteDirectory(look, listing.directory, isNoticeable)
    this.abandon(look)
    records.account(path, record)
    return this.#memory.showDirectory(path, record)
  }

  /** @returns the node for these very attributes, even where something newer is known already. */
  endSeen(look: Look, name: string, attributes: Attributes): Node {
    const { directory, record, startedMs } = look
    const known = record.lastKnown(name)
    const isCurrent = this.isCurrent(look, name)
    this.abandon(look)
    if (!isCurrent && known !== undefined)
      return isSameVersion(known, attributes) ? known : stampOutdated(known, attributes)
    const node = restamp(known, attributes)
    if (!isCurrent) return node
    const isNews = record.isNews(name, node)
    record.set(name, node)
    record.seenAtMs.set(name, startedMs)
    if (isNews) this.#memory.touched(directory)
    this.#memory.records.account(directory, record)
    return node
  }

  endMissed(look: Look, name: string): void {
    const { directory, record, startedMs } = look
    const isCurrent = this.isCurrent(look, name)
    this.abandon(look)
    // From a directory that is being moved it may just have gone, and must not be missing from what is carried to the new place.
    if (!isCurrent || this.#memory.isMoving(directory)) return
    const wasThere = record.children.has(name)
    record.delete(name)
    record.missedAtMs.set(name, startedMs)
    if (wasThere) this.#memory.touched(directory)
    this.#memory.records.account(directory, record)
  }

  /** Of the directory itself, as its own listing tells. */
  #noteDirectory(
    { directory: path, record, startedAt, startedMs }: Look,
    attributes: Attributes,
    isNoticeable: boolean,
  ): void {
    if (path === rootPath) {
      this.#memory.seeRoot(attributes, isNoticeable)
      return
    }
    const parent = this.#memory.records.of(parentOf(path))
    const name = nameOf(path)
    const known = parent.lastKnown(name)
    const isOurs = known !== undefined && (parent.changedAt.get(name) ?? 0) > startedAt
    const node = isOurs ? known : restamp(known, attributes)
    record.self = isNoticeable && node === known ? stampTouched(node) : node
    parent.set(name, record.self)
    parent.seenAtMs.set(name, startedMs)
  }
}
