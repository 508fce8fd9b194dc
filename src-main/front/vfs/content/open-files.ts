import type { Attributes } from '../backend.ts'
import { isWithin, rebase, type VfsPath } from '../path.ts'
import { CachedFile } from './cached-file.ts'
import type { CacheStore } from './store/cache-store.ts'
import { isSameVersion } from './version.ts'

/** The cached files that somebody uses, by path; what nobody uses is only in the store. */
export class OpenFiles {
  readonly #store: CacheStore
  readonly #files = new Map<VfsPath, CachedFile>()
  readonly #onIdle = (file: CachedFile): void => {
    if (this.#files.get(file.path) === file) this.#files.delete(file.path)
    this.#store.release(file.id)
  }

  constructor(store: CacheStore) {
    this.#store = store
  }

  /** What is cached of `path`, of whatever version. Has to be used in the same turn. */
  find(path: VfsPath): CachedFile | undefined {
    const open = this.#files.get(path)
    if (open !== undefined) return open
    const stored = this.#store.find(path)
    return stored && this.#add(new CachedFile(stored, this.#store, this.#onIdle))
  }

  /** The file for content that was seen at `path` just now; one of another version gives way. Has to be used in the same turn. */
  adopt(path: VfsPath, attributes: Attributes): CachedFile {
    const known = this.find(path)
    if (known !== undefined && isSameVersion(known.attributes, attributes)) {
      known.attributes = attributes
      return known
    }
    if (known !== undefined) this.retire(known)
    const stored = {
      id: this.#store.newId(),
      path,
      attributes,
      bytes: 0,
      checksums: new Map<number, number>(),
    }
    return this.#add(new CachedFile(stored, this.#store, this.#onIdle))
  }

  /** The backend has something else at the file's path. */
  retire(file: CachedFile): void {
    if (this.#files.get(file.path) === file) this.#files.delete(file.path)
    file.retire()
  }

  /** What was at `path` and below it is no more. */
  drop(path: VfsPath): void {
    for (const file of this.#within(path)) this.retire(file)
    this.#store.removeWithin(path)
  }

  /** What was at `from` and below it is at `to` now, instead of what was there. */
  move(from: VfsPath, to: VfsPath): void {
    if (from === to) return
    this.drop(to)
    const moved = this.#within(from)
    for (const file of moved) this.#files.delete(file.path)
    for (const file of moved) {
      file.path = rebase(file.path, from, to)
      this.#files.set(file.path, file)
    }
    this.#store.rename(from, to)
  }

  /** Resolves when all that has arrived is written. */
  async flush(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.flush()))
  }

  #within(path: VfsPath): readonly CachedFile[] {
    return [...this.#files.values()].filter((file) => isWithin(file.path, path))
  }

  #add(file: CachedFile): CachedFile {
    this.#files.set(file.path, file)
    this.#store.claim(file.id)
    return file
  }
}
