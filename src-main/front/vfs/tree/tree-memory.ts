import type { Clock } from '../../../lib/clock.ts'
import type { Attributes } from '../backend.ts'
import { isWithin, nameOf, parentOf, rootPath, type VfsPath } from '../path.ts'
import type { Directory, Node } from '../vfs.ts'
import type { DirectoryRecord } from './directory-record.ts'
import { DirectoryRecords } from './directory-records.ts'
import { restamp, stampTouched } from './stamps.ts'

/**
 * What is remembered of the backend's tree: a record for each directory, and the root, which stands in none. Our own mutations are
 * numbered here, so that an answer that was on its way while one happened can be told from one that was asked for afterwards.
 */
export class TreeMemory {
  readonly records: DirectoryRecords
  readonly #moving = new Set<VfsPath>()
  #root: Node
  #mutations = 0
  #doubts = 0

  /** `maxEntries` counts children over all directories. */
  constructor(clock: Pick<Clock, 'now'>, maxEntries: number) {
    this.records = new DirectoryRecords(maxEntries)
    const nowMs = clock.now()
    this.#root = restamp(undefined, {
      kind: 'directory',
      size: 0,
      modifiedMs: nowMs,
      createdMs: nowMs,
      fileId: 0,
    })
  }

  get root(): Node {
    return this.#root
  }

  /** Rises with every mutation, done or in doubt. */
  get mutations(): number {
    return this.#mutations
  }

  /** Rises with every mutation in doubt. */
  get doubts(): number {
    return this.#doubts
  }

  /** Counts a mutation of `path`. @returns the record of the directory that it is in. */
  noteMutation(path: VfsPath): DirectoryRecord {
    const record = this.records.of(parentOf(path))
    this.#mutations += 1
    if (record.looks > 0) record.changedAt.set(nameOf(path), this.#mutations)
    return record
  }

  /** Counts a mutation of which nobody knows whether it happened. @returns its number. */
  noteDoubt(): number {
    this.#doubts += 1
    this.#mutations += 1
    return this.#mutations
  }

  /** Until disposed, something is about to be moved away from `from`. */
  beginMove(from: VfsPath): Disposable {
    this.#moving.add(from)
    return { [Symbol.dispose]: () => void this.#moving.delete(from) }
  }

  isMoving(directory: VfsPath): boolean {
    return this.#moving.size > 0 && [...this.#moving].some((from) => isWithin(directory, from))
  }

  seeRoot(attributes: Attributes, isNoticeable: boolean): void {
    const node = restamp(this.#root, attributes)
    this.#root = isNoticeable && node === this.#root ? stampTouched(node) : node
  }

  /** The children of `directory` changed: its stamp has to move, unless nobody has seen the present one. */
  touched(directory: VfsPath): void {
    const record = this.records.peek(directory)
    if (directory === rootPath) {
      if (record?.isStampShown !== false) this.#root = stampTouched(this.#root)
    } else {
      const parent = this.records.peek(parentOf(directory))
      const node = parent?.children.get(nameOf(directory))
      if (parent === undefined || node === undefined) return
      if (record?.isStampShown !== false || parent.areChildrenShown)
        parent.set(nameOf(directory), stampTouched(node))
    }
    if (record !== undefined) record.isStampShown = false
  }

  /** `node`, of which a client may hear now. */
  show(path: VfsPath, node: Node | undefined): Node | undefined {
    if (node?.kind === 'directory') {
      const record = this.records.peek(path)
      if (record !== undefined) record.isStampShown = true
    }
    return node
  }

  /** The directory with its children, of which a client may hear now. */
  showDirectory(path: VfsPath, record: DirectoryRecord): Directory | undefined {
    const node =
      path === rootPath
        ? this.#root
        : (this.records.peek(parentOf(path))?.children.get(nameOf(path)) ?? record.self)
    if (node === undefined) return undefined
    record.isStampShown = true
    return record.snapshot(node)
  }
}
