import { LRUCache } from 'lru-cache'

import { companionOf } from './finder/finder-names.ts'
import type { FinderStore } from './finder/finder-store.ts'
import { joinPath, nameOf, parentOf, rootPath, type VfsPath } from './path.ts'
import type { StoredProperties } from './state/dead-properties.ts'
import { composed } from './tree/name-forms.ts'

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
    await this.#finder.moveOwned(from, to)
    this.#properties.move(from, to)
    const companion = companionPath(from)
    const target = companionPath(to)
    if (companion !== undefined && this.#finder.find(companion) !== undefined) {
      if (target === undefined) await this.#finder.remove(companion)
      else {
        await this.#finder.move(companion, target)
        this.#followed.set(composed(companion), composed(target))
      }
    } else if (hasReplaced) await this.#removeCompanion(to)
  }

  async copy(from: VfsPath, to: VfsPath, depth: 0 | 'infinity', hasReplaced: boolean): Promise<void> {
    if (depth === 'infinity') await this.#finder.copyOwned(from, to)
    this.#properties.copy(from, to, depth)
    if (hasReplaced) await this.#removeCompanion(to)
    const companion = companionPath(from)
    const target = companionPath(to)
    const node = companion === undefined ? undefined : this.#finder.find(companion)
    if (node !== undefined && target !== undefined) await this.#finder.copyEntry(node, target)
  }

  async remove(path: VfsPath): Promise<void> {
    await this.#finder.removeOwned(path)
    this.#properties.remove(path)
    await this.#removeCompanion(path)
  }

  async #removeCompanion(path: VfsPath): Promise<void> {
    const companion = companionPath(path)
    if (companion !== undefined && this.#finder.find(companion) !== undefined)
      await this.#finder.remove(companion)
  }
}

/** Where the extended attributes of `path` are kept. Undefined where it can have none, or its name is too long for it. */
export function companionPath(path: VfsPath): VfsPath | undefined {
  const name = path === rootPath ? undefined : companionOf(nameOf(path))
  if (name === undefined || Buffer.byteLength(name) > 255) return undefined
  return joinPath(parentOf(path), name)
}
