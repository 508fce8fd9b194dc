import { LRUCache } from 'lru-cache'

import { companionOf } from './finder/finder-names.ts'
import type { FinderStore } from './finder/finder-store.ts'
import { joinPath, nameOf, parentOf, rootPath, type VfsPath } from './path.ts'
import type { StoredProperties } from './state/dead-properties.ts'
import { composed } from './tree/name-forms.ts'
import type { Node } from './vfs.ts'

/** What the front keeps on the Mac for a path: its extended attributes (`._x`), what Finder keeps in it, its dead properties. */
export class Followers {
  readonly #finder: FinderStore
  readonly #properties: StoredProperties
  /** macOS renames `._x` itself, right after `x`: by then it has followed already, and that must not look like a failure. */
  readonly #followed = new LRUCache<VfsPath, VfsPath>({ max: 1_000 })

  constructor(finder: FinderStore, properties: StoredProperties) {
    this.#finder = finder
    this.#properties = properties
  }

  /** True when what was at `from` went to `to` with its owner and is still there. */
  hasFollowed(from: VfsPath, to: VfsPath): boolean {
    return this.#followed.get(composed(from)) === composed(to) && this.#finder.find(to) !== undefined
  }

  async move(from: VfsPath, to: VfsPath, hasReplaced: boolean): Promise<void> {
    await this.moveWithin(from, to)
    await this.moveBeside(from, to, hasReplaced)
  }

  /** Only what Finder keeps in the directory that moved. */
  async moveWithin(from: VfsPath, to: VfsPath): Promise<void> {
    await this.#finder.moveOwned(from, to)
  }

  /** Only what is kept beside it: attributes and properties. */
  async moveBeside(from: VfsPath, to: VfsPath, hasReplaced: boolean): Promise<void> {
    this.#properties.move(from, to)
    const companion = this.#companion(from, to)
    const target = companionPath(to)
    if (companion !== undefined && target !== undefined && this.#mayHold(target)) {
      await this.#finder.move(companion.path, target)
      this.#followed.set(composed(companion.path), composed(target))
      return
    }
    if (hasReplaced) await this.#removeCompanion(to, from)
    if (companion !== undefined) await this.#finder.remove(companion.path)
  }

  async copy(from: VfsPath, to: VfsPath, depth: 0 | 'infinity', hasReplaced: boolean): Promise<void> {
    if (depth === 'infinity') await this.#finder.copyOwned(from, to)
    this.#properties.copy(from, to, depth)
    if (hasReplaced) await this.#removeCompanion(to, from)
    const companion = this.#companion(from, to)
    const target = companionPath(to)
    if (companion !== undefined && target !== undefined && this.#mayHold(target)) {
      await this.#finder.copyEntry(companion.node, target)
    }
  }

  /** `spared` stays, even as the attributes of `path`. */
  async remove(path: VfsPath, spared: VfsPath): Promise<void> {
    await this.#finder.removeOwned(path)
    this.#properties.remove(path)
    await this.#removeCompanion(path, spared)
  }

  async #removeCompanion(path: VfsPath, other: VfsPath): Promise<void> {
    const companion = this.#companion(path, other)
    if (companion !== undefined) await this.#finder.remove(companion.path)
  }

  /** The attributes kept for `path`; unless they are `other`, which is being moved or copied as a file of its own. */
  #companion(path: VfsPath, other: VfsPath): { readonly path: VfsPath; readonly node: Node } | undefined {
    const found = companionPath(path)
    if (found === undefined || composed(found) === composed(other)) return undefined
    const node = this.#finder.find(found)
    // A directory of such a name is nobody's attributes.
    return node?.kind === 'file' ? { path: found, node } : undefined
  }

  #mayHold(companion: VfsPath): boolean {
    return this.#finder.find(companion)?.kind !== 'directory'
  }
}

/** Where the extended attributes of `path` are kept. Undefined where it can have none, or its name is too long for it. */
export function companionPath(path: VfsPath): VfsPath | undefined {
  const name = path === rootPath ? undefined : companionOf(nameOf(path))
  if (name === undefined || Buffer.byteLength(name) > 255) return undefined
  return joinPath(parentOf(path), name)
}
