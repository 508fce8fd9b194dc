import type { Directory, Node } from '../vfs.ts'

/**
 * What is known about one directory: its children, and since when. Either all of them (`listedAtMs`) or only some that
 * were asked for one by one. What is past its time stays, as the yardstick for stamps and as an answer during a stall.
 */
export class DirectoryRecord {
  /** When all children were last seen together, monotonic; `undefined` when they never were. */
  listedAtMs: number | undefined
  /** When somebody was last told that a new listing is due, monotonic. */
  dueAtMs: number | undefined
  /** Looks under way that will change this record; while there are some, `changedAt` is kept. */
  looks = 0
  /** The number of the last mutation of ours with an unknown end: looks begun before it prove nothing. */
  doubtedAt = 0
  /** True when a client may have seen the directory's present stamp; nobody misses a step that was never shown. */
  isStampShown = true
  /** By name, the number of our last mutation: a look begun before it must not undo it. */
  readonly changedAt = new Map<string, number>()
  /** By name, when a single child was last seen, monotonic. */
  readonly seenAtMs = new Map<string, number>()
  /** By name, when a child was last missed, monotonic. */
  readonly missedAtMs = new Map<string, number>()
  /** Last known nodes of names that are gone: what takes such a name must have a later stamp. */
  readonly past = new Map<string, Node>()
  /** The directory's own node as of its last listing; the record of its parent knows it better, if that is still there. */
  self: Node | undefined
  /** The weight the cache last counted for this record. */
  accountedWeight = 1
  #children = new Map<string, Node>()
  #snapshot: Directory | undefined

  get children(): ReadonlyMap<string, Node> {
    return this.#children
  }

  /** How much of the cache's room this record takes, in children; the record itself is worth a few. */
  get weight(): number {
    return 5 + this.#children.size + this.missedAtMs.size + this.past.size
  }

  /** True when a client may have been shown the present children. */
  get areChildrenShown(): boolean {
    return this.#snapshot !== undefined
  }

  /** The last node known by that name, there or gone. */
  lastKnown(name: string): Node | undefined {
    return this.#children.get(name) ?? this.past.get(name)
  }

  /** True when whoever knew the directory before must notice that `node` is there. */
  isNews(name: string, node: Node): boolean {
    const known = this.#children.get(name)
    if (known === undefined) return this.listedAtMs !== undefined || this.missedAtMs.has(name)
    // A directory below that changed tells by its own stamp; here it is still the same child.
    return (
      known !== node &&
      !(known.kind === 'directory' && node.kind === 'directory' && known.fileId === node.fileId)
    )
  }

  set(name: string, node: Node): void {
    if (this.#children.get(name) !== node) this.#ownChildren().set(name, node)
    this.past.delete(name)
    this.missedAtMs.delete(name)
  }

  delete(name: string): void {
    const node = this.#children.get(name)
    this.seenAtMs.delete(name)
    if (node === undefined) return
    this.#ownChildren().delete(name)
    this.past.set(name, node)
  }

  replaceAll(children: Map<string, Node>): void {
    this.#children = children
  }

  /** After a complete listing: names that are there are neither missed nor past, and single sightings say nothing more. */
  forgetFound(): void {
    this.seenAtMs.clear()
    this.missedAtMs.clear()
    for (const name of this.past.keys()) if (this.#children.has(name)) this.past.delete(name)
  }

  /** The directory as it is now; the same object for as long as neither `node` nor the children change. */
  snapshot(node: Node): Directory {
    if (this.#snapshot?.children !== this.#children || this.#snapshot.node !== node) {
      this.#snapshot = { node, children: this.#children }
    }
    return this.#snapshot
  }

  /** Snapshots share the map until the next change, so only a change after a look pays for a copy. */
  #ownChildren(): Map<string, Node> {
    if (this.#snapshot?.children === this.#children) this.#children = new Map(this.#children)
    this.#snapshot = undefined
    return this.#children
  }
}
