import { isAppError } from '../../../shared/errors.ts'
import type { Call } from '../backend.ts'
import { joinPath, namesOf, rootPath, type VfsPath } from '../path.ts'
import type { Node } from '../vfs.ts'
import type { BackendLooks } from './backend-looks.ts'
import type { KnownTree } from './known-tree.ts'
import { composed, formsOf, isAscii } from './name-forms.ts'
import { orElseStale, type StallWatch } from './or-else-stale.ts'

/** Finds how the backend spells paths that come in any Unicode form. */
export class Spelling {
  readonly #known: KnownTree
  readonly #looks: BackendLooks
  readonly #stall: StallWatch

  constructor(known: KnownTree, looks: BackendLooks, stall: StallWatch) {
    this.#known = known
    this.#looks = looks
    this.#stall = stall
  }

  /**
   * The backend's own spelling of `path`; where nothing of that name exists, the one it would be created with. Names with
   * only one Unicode form cost nothing, others a cached `stat` per directory on the way.
   */
  async resolve(path: VfsPath, call: Call): Promise<VfsPath> {
    if (isAscii(path)) return path
    return orElseStale(this.asKnown(path), this.#stall, call.signal, (signal) =>
      this.#resolveByAsking(path, { signal }),
    )
  }

  /** As `resolve`, as far as memory goes. */
  asKnown(path: VfsPath): VfsPath {
    if (isAscii(path)) return path
    return namesOf(path).reduce<VfsPath>((parent, name) => {
      const candidates = formsOf(name).map((form) => joinPath(parent, form))
      const known = candidates.find((candidate) => typeof this.#known.recall(candidate) === 'object')
      return known ?? joinPath(parent, composed(name))
    }, rootPath)
  }

  async #resolveByAsking(path: VfsPath, call: Call): Promise<VfsPath> {
    let resolved = rootPath
    for (const name of namesOf(path)) resolved = await this.#resolveName(resolved, name, call)
    return resolved
  }

  async #resolveName(parent: VfsPath, name: string, call: Call): Promise<VfsPath> {
    const forms = formsOf(name)
    if (forms.length > 1) {
      for (const form of forms) {
        const candidate = joinPath(parent, form)
        if ((await this.#find(candidate, call)) !== undefined) return candidate
      }
    }
    return joinPath(parent, composed(name))
  }

  async #find(path: VfsPath, call: Call): Promise<Node | undefined> {
    const known = this.#known.lookup(path)
    if (known !== undefined) return known === 'missing' ? undefined : known
    if (this.#known.isBelowMissing(path)) return undefined
    try {
      return await this.#looks.stat(path, call)
    } catch (error) {
      if (isAppError(error, 'not-found', 'not-a-directory')) return undefined
      throw error
    }
  }
}
