import type { Clock } from '../../../lib/clock.ts'
import type { Attributes } from '../backend.ts'
import { nameOf, parentOf, type VfsPath } from '../path.ts'
import type { Node } from '../vfs.ts'
import type { DirectoryRecord } from './directory-record.ts'
import { restamp, stampChanged, stampMoved } from './stamps.ts'
import type { TreeMemory } from './tree-memory.ts'

/** Keeps the memory of the tree true to what we do to it ourselves. To be told when it is done. */
export class OwnChanges {
  readonly #memory: TreeMemory
  readonly #clock: Pick<Clock, 'monotonicMs'>

  constructor(memory: TreeMemory, clock: Pick<Clock, 'monotonicMs'>) {
    this.#memory = memory
    this.#clock = clock
  }

  /** Rises with every change, done or in doubt. */
  get count(): number {
    return this.#memory.mutations
  }

  /** Rises with every change in doubt. */
  get doubtCount(): number {
    return this.#memory.doubts
  }

  /** We wrote a file. */
  placed(path: VfsPath, attributes: Attributes): Node {
    const record = this.#memory.noteMutation(path)
    const name = nameOf(path)
    const node = stampChanged(record.lastKnown(name), attributes)
    this.#set(record, name, node)
    this.#memory.touched(parentOf(path))
    return node
  }

  /** We made a directory; that nothing is in it needs no call to be known, unless something was put there before we heard of it. */
  madeDirectory(path: VfsPath, attributes: Attributes): Node {
    const { records } = this.#memory
    const isEmpty = (records.peek(path)?.children.size ?? 0) === 0
    records.dropWithin(path)
    const node = this.placed(path, attributes)
    if (isEmpty) records.of(path).listedAtMs = this.#clock.monotonicMs()
    return node
  }

  /** We removed a file or a whole directory. */
  removed(path: VfsPath): void {
    const record = this.#memory.noteMutation(path)
    const name = nameOf(path)
    const wasFile = record.children.get(name)?.kind === 'file'
    record.delete(name)
    record.missedAtMs.set(name, this.#clock.monotonicMs())
    if (!wasFile) this.#memory.records.dropWithin(path)
    this.#memory.touched(parentOf(path))
  }

  /** Until disposed, we are about to move what is at `from`: what is not found there any more may just have gone with it. */
  beginMove(from: VfsPath): Disposable {
    return this.#memory.beginMove(from)
  }

  /** We moved what was at `from`, with all that is in it, onto `to`, where nothing or a file was. */
  moved(from: VfsPath, to: VfsPath, attributes: Attributes): Node {
    const { records } = this.#memory
    const source = records.get(parentOf(from))?.lastKnown(nameOf(from))
    const carried = records.within(from)
    this.removed(from)
    const target = this.#memory.noteMutation(to)
    const name = nameOf(to)
    const node = stampMoved(restamp(source, attributes), target.lastKnown(name))
    this.#set(target, name, node)
    // Whoever looked there already has not seen what waited below `from` to be delivered.
    if (node.kind === 'directory') records.dropWithin(to)
    records.carry(carried, from, to)
    this.#memory.touched(parentOf(to))
    return node
  }

  /**
   * A change of `path` has ended in a way that does not say whether it happened. An answer on its way is still the best there is: it
   * is given, and not believed afterwards.
   */
  doubt(path: VfsPath): void {
    const { records } = this.#memory
    const doubtedAt = this.#memory.noteDoubt()
    const parent = records.of(parentOf(path))
    for (const record of [parent, ...records.within(path).map(([, below]) => below)]) {
      record.doubtedAt = doubtedAt
      if (record.listedAtMs !== undefined) record.listedAtMs = -Infinity
      record.seenAtMs.clear()
      record.missedAtMs.clear()
    }
  }

  #set(record: DirectoryRecord, name: string, node: Node): void {
    record.set(name, node)
    record.seenAtMs.set(name, this.#clock.monotonicMs())
  }
}
