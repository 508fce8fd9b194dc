import { SingleFlight } from '../../../lib/single-flight.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Attributes, Backend, ByteRange, Call, Chunks, Listing, OpenedFile } from '../backend.ts'
import { joinPath, nameOf, namesOf, parentOf, rootPath, type VfsPath } from '../path.ts'
import type { Directory, Node, OpenedNode } from '../vfs.ts'
import type { Fetch, Known, MetadataCache } from './metadata-cache.ts'
import { SmallFiles } from './small-files.ts'
import { composed, formsOf, isAscii } from './name-forms.ts'
import { orElseStale, type StallWatch } from './or-else-stale.ts'

/** A `Backend` behind a metadata cache. Takes paths in any Unicode form; `resolve` finds the one the backend has. */
export class BackendTree {
  readonly #backend: Backend
  readonly #cache: MetadataCache
  readonly #stall: StallWatch
  readonly #stats = new SingleFlight<Node>()
  readonly #lists = new SingleFlight<Directory>()
  readonly #smallFiles = new SmallFiles()

  constructor(backend: Backend, cache: MetadataCache, stall: StallWatch) {
    this.#backend = backend
    this.#cache = cache
    this.#stall = stall
  }

  /**
   * The backend's own spelling of `path`; where nothing of that name exists, the one it would be created with. Names with
   * only one Unicode form cost nothing, others a cached `stat` per directory on the way.
   */
  async resolve(path: VfsPath, call: Call): Promise<VfsPath> {
    if (isAscii(path)) return path
    return orElseStale(this.#spelledAsKnown(path), this.#stall, call.signal, (signal) =>
      this.#resolveByAsking(path, { signal }),
    )
  }

  /** True when a listing or an earlier look says that something is at `path`, without asking. */
  isKnown(path: VfsPath): boolean {
    const known = this.#cache.recall(this.#spelledAsKnown(path))
    return known !== undefined && known !== 'missing'
  }

  /** True when nothing is at `path`, within the time of that knowledge and without asking. */
  isKnownMissing(path: VfsPath): boolean {
    // Another spelling may be there; only asking would tell.
    return isAscii(path) && (this.#cache.lookup(path) === 'missing' || this.#cache.isBelowMissing(path))
  }

  /** What is at `path`, or undefined. That a file was seen is good enough, however long ago: it is about to be replaced. */
  async find(path: VfsPath, call: Call): Promise<Node | undefined> {
    const resolved = await this.resolve(path, call)
    const seen = this.#cache.lookup(resolved) ?? this.#cache.recall(resolved)
    if (typeof seen === 'object' && seen.kind === 'file') return seen
    return this.findNow(resolved, call)
  }

  /** As `find`, for a write: a silent backend is not waited for, whatever it has will show when the write gets there. */
  async findToReplace(path: VfsPath, call: Call): Promise<Node | undefined> {
    const resolved = await this.resolve(path, call)
    const recalled = this.#cache.recall(resolved)
    const stale = { node: recalled === 'missing' ? undefined : recalled }
    const ask = async (signal: AbortSignal): Promise<typeof stale> => ({
      node: await this.find(resolved, { signal }),
    })
    return (await orElseStale(stale, this.#stall, call.signal, ask)).node
  }

  /** As `findToReplace` a while ago, as far as nobody here has changed it since; undefined when memory does not say. */
  recall(path: VfsPath): Known {
    return this.#cache.recall(this.#spelledAsKnown(path))
  }

  /** What is at `path` by knowledge within its time, or undefined. */
  async findNow(path: VfsPath, call: Call): Promise<Node | undefined> {
    try {
      return await this.stat(path, call)
    } catch (error) {
      if (isAppError(error, 'not-found', 'not-a-directory')) return undefined
      throw error
    }
  }

  async stat(path: VfsPath, call: Call): Promise<Node> {
    const resolved = await this.resolve(path, call)
    if (resolved === rootPath) this.#keepRootFresh()
    const known = this.#cache.lookup(resolved)
    if (known === 'missing' || (known === undefined && this.#cache.isBelowMissing(resolved)))
      throw notFound(path)
    if (known !== undefined) return known
    const ask = (signal: AbortSignal): Promise<Node> => this.#fetchShared(resolved, { signal })
    try {
      const stale = this.#staleAnswer(resolved)
      const answer = await orElseStale<Node | 'missing'>(stale, this.#stall, call.signal, ask)
      if (answer === 'missing') throw notFound(path)
      return answer
    } catch (error) {
      // Whatever a look-up is refused with, macOS remembers the name as missing until its directory's stamp moves.
      if (isAppError(error, 'stalled')) this.#cache.touched(parentOf(resolved))
      throw error
    }
  }

  /** As `stat`, but asks the backend whatever is known. */
  async look(path: VfsPath, call: Call): Promise<Node> {
    return this.#fetchNode(await this.resolve(path, call), call)
  }

  async list(path: VfsPath, call: Call): Promise<Directory> {
    const resolved = await this.resolve(path, call)
    const known = this.#cache.lookupDirectory(resolved)
    if (known !== undefined) return known
    if (this.#cache.lookup(resolved) === 'missing' || this.#cache.isBelowMissing(resolved))
      throw notFound(path)
    return orElseStale(this.#cache.recallDirectory(resolved), this.#stall, call.signal, (signal) =>
      this.#lists.run(
        this.#listKey(resolved),
        (shared) => this.#fetchDirectory(resolved, { signal: shared }),
        signal,
      ),
    )
  }

  async read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedNode> {
    const resolved = await this.resolve(path, call)
    const known = this.#cache.lookup(resolved)
    if (known === 'missing') throw notFound(path)
    const kept = known === undefined ? undefined : this.#smallFiles.open(resolved, known, range)
    if (kept !== undefined) return kept
    const opened = await this.#readFromBackend(resolved, range, call)
    return range === undefined ? this.#smallFiles.keepOnceRead(resolved, opened) : opened
  }

  async write(path: VfsPath, body: Chunks, call: Call): Promise<Node> {
    const resolved = await this.resolve(path, call)
    const attributes = await this.#change([resolved], () => this.#backend.write(resolved, body, call))
    return this.#cache.placed(resolved, attributes)
  }

  async makeDirectory(path: VfsPath, call: Call): Promise<Node> {
    const resolved = await this.resolve(path, call)
    const known = this.#cache.lookup(resolved)
    if (known !== undefined && known !== 'missing') throw new AppError('already-exists', { path })
    const attributes = await this.#change([resolved], () => this.#backend.makeDirectory(resolved, call))
    return this.#cache.madeDirectory(resolved, attributes)
  }

  /** Renames onto a path where nothing or a file is; `from` and `to` as `resolve` gave them. */
  async move(from: VfsPath, to: VfsPath, call: Call): Promise<Node> {
    using _move = this.#cache.beginMove(from)
    const attributes = await this.#change([from, to], () => this.#backend.move(from, to, call))
    return this.#cache.moved(from, to, attributes)
  }

  async remove(path: VfsPath, call: Call): Promise<void> {
    const resolved = await this.resolve(path, call)
    if (this.#cache.lookup(resolved) === 'missing') throw notFound(path)
    await this.#change([resolved], () => this.#backend.remove(resolved, call))
    this.#cache.removed(resolved)
  }

  /** Something in `directory` changed that the backend does not know of. */
  touch(directory: VfsPath): void {
    this.#cache.touched(this.#spelledAsKnown(directory))
  }

  /**
   * What may be said of `path` while the backend is silent. That it is not there only where macOS would believe it without asking: a
   * wrong "no such file" stays with it, but without one no new file can be saved. Should it be wrong, both files are kept.
   */
  #staleAnswer(path: VfsPath): Known {
    const stale = this.#cache.recall(path)
    if (stale !== 'missing') return stale
    return this.#cache.wasMissingAt(path, this.#stall.health.silentSinceMs) ? 'missing' : undefined
  }

  /**
   * The root is answered from memory, so its stamp moves only with listings. macOS asks for it to learn whether names it once missed
   * are still missing: unless somebody lists the root meanwhile, they would be for good.
   */
  #keepRootFresh(): void {
    if (this.#stall.health.isStalled || !this.#cache.isDueForListing(rootPath)) return
    const list = (signal: AbortSignal): Promise<Directory> => this.#fetchDirectory(rootPath, { signal })
    this.#lists.run(this.#listKey(rootPath), list, this.#stall.lifetime).catch(() => undefined) // Whoever lists it next hears of it.
  }

  /** As `resolve`, as far as memory goes. */
  #spelledAsKnown(path: VfsPath): VfsPath {
    if (isAscii(path)) return path
    return namesOf(path).reduce<VfsPath>((parent, name) => {
      const candidates = formsOf(name).map((form) => joinPath(parent, form))
      const known = candidates.find((candidate) => typeof this.#cache.recall(candidate) === 'object')
      return known ?? joinPath(parent, composed(name))
    }, rootPath)
  }

  async #readFromBackend(resolved: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedNode> {
    let opened: OpenedFile | undefined
    const node = await this.#look(resolved, async () => {
      opened = await this.#backend.read(resolved, range, call)
      return opened.attributes
    })
    if (opened === undefined) throw new AppError('unexpected')
    const { length, body } = opened
    const close = opened.close.bind(opened)
    return { node, length, body, close }
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
        if ((await this.#findResolved(candidate, call)) !== undefined) return candidate
      }
    }
    return joinPath(parent, composed(name))
  }

  async #findResolved(path: VfsPath, call: Call): Promise<Node | undefined> {
    const known = this.#cache.lookup(path)
    if (known !== undefined) return known === 'missing' ? undefined : known
    if (this.#cache.isBelowMissing(path)) return undefined
    try {
      return await this.#fetchShared(path, call)
    } catch (error) {
      if (isAppError(error, 'not-found', 'not-a-directory')) return undefined
      throw error
    }
  }

  /** Joins a look under way, unless that was asked before something changed: whoever made the change must not be told of before. */
  #fetchShared(path: VfsPath, { signal }: Call): Promise<Node> {
    const fetch = (shared: AbortSignal): Promise<Node> => this.#fetchNode(path, { signal: shared })
    return this.#stats.run(`${this.#cache.mutations} ${path}`, fetch, signal)
  }

  /** Changes that are known for sure a listing under way takes in. */
  #listKey(path: VfsPath): string {
    return `${this.#cache.doubts} ${path}`
  }

  #fetchNode(path: VfsPath, call: Call): Promise<Node> {
    return this.#look(path, () => this.#backend.stat(path, call))
  }

  /** Takes what one look at `path` shows into the cache, its absence too. */
  async #look(path: VfsPath, ask: () => Promise<Attributes>): Promise<Node> {
    for (;;) {
      const fetch = this.#cache.begin(parentOf(path))
      let attributes: Attributes
      try {
        attributes = await ask()
      } catch (error) {
        if (!this.#endFailed(fetch, path, error)) throw error
        continue
      }
      return this.#cache.endSeen(fetch, nameOf(path), attributes)
    }
  }

  async #fetchDirectory(path: VfsPath, call: Call): Promise<Directory> {
    for (;;) {
      // What befalls the directory itself is told where it is a child.
      const above = this.#cache.begin(parentOf(path))
      const fetch = this.#cache.begin(path)
      let listing: Listing
      try {
        listing = await this.#backend.list(path, call)
      } catch (error) {
        this.#cache.abandon(fetch)
        if (!this.#endFailed(above, path, error)) throw error
        continue
      }
      const directory = this.#cache.endList(fetch, listing)
      this.#cache.abandon(above)
      // Otherwise the directory was moved or removed while it was listed: what is there now decides.
      if (directory !== undefined) return directory
    }
  }

  /**
   * A look at `path` has failed with `error`, begun as `fetch` of its parent. @returns true when it is worth another: that nothing was
   * there was true before something changed there.
   */
  #endFailed(fetch: Fetch, path: VfsPath, error: unknown): boolean {
    const isOutdated = !this.#cache.isCurrent(fetch, nameOf(path))
    if (isAppError(error, 'not-found')) this.#cache.endMissed(fetch, nameOf(path))
    else this.#cache.abandon(fetch)
    return isOutdated && isAppError(error, 'not-found', 'not-a-directory')
  }

  /** A refusal leaves everything as it was, but shows that what we believed may be wrong; so does silence. */
  async #change<T>(paths: readonly VfsPath[], change: () => Promise<T>): Promise<T> {
    try {
      return await change()
    } catch (error) {
      for (const path of paths) this.#cache.doubt(path)
      if (isAppError(error, 'parent-missing')) for (const path of paths) this.#cache.doubt(parentOf(path))
      throw error
    }
  }
}

function notFound(path: VfsPath): AppError {
  return new AppError('not-found', { path })
}
