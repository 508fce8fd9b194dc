import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Backend, ByteRange, Call, Chunks } from '../backend.ts'
import { parentOf, rootPath, type VfsPath } from '../path.ts'
import type { Directory, Node, OpenedNode } from '../vfs.ts'
import { BackendLooks } from './backend-looks.ts'
import type { Known } from './known-tree.ts'
import type { MetadataCache } from './metadata-cache.ts'
import { isAscii } from './name-forms.ts'
import { orElseStale, type StallWatch } from './or-else-stale.ts'
import { SmallFiles } from './small-files.ts'
import { Spelling } from './spelling.ts'

/** A `Backend` behind a metadata cache. Takes paths in any Unicode form; `resolve` finds the one the backend has. */
export class BackendTree {
  readonly #backend: Backend
  readonly #cache: MetadataCache
  readonly #stall: StallWatch
  readonly #looks: BackendLooks
  readonly #spelling: Spelling
  readonly #smallFiles = new SmallFiles()

  constructor(backend: Backend, cache: MetadataCache, stall: StallWatch) {
    this.#backend = backend
    this.#cache = cache
    this.#stall = stall
    this.#looks = new BackendLooks(backend, cache)
    this.#spelling = new Spelling(cache.known, this.#looks, stall)
  }

  /** As `Spelling.resolve`. */
  resolve(path: VfsPath, call: Call): Promise<VfsPath> {
    return this.#spelling.resolve(path, call)
  }

  /** True when a listing or an earlier look says that something is at `path`, without asking. */
  isKnown(path: VfsPath): boolean {
    return typeof this.recall(path) === 'object'
  }

  /** True when nothing is at `path`, within the time of that knowledge and without asking. */
  isKnownMissing(path: VfsPath): boolean {
    // Another spelling may be there; only asking would tell.
    return isAscii(path) && this.#cache.known.isMissing(path)
  }

  /** What is at `path`, or undefined. That a file was seen is good enough, however long ago: it is about to be replaced. */
  async find(path: VfsPath, call: Call): Promise<Node | undefined> {
    const { known } = this.#cache
    const resolved = await this.resolve(path, call)
    const seen = known.lookup(resolved) ?? known.recall(resolved)
    if (typeof seen === 'object' && seen.kind === 'file') return seen
    return this.findNow(resolved, call)
  }

  /** As `find`, for a write: a silent backend is not waited for, whatever it has will show when the write gets there. */
  async findToReplace(path: VfsPath, call: Call): Promise<Node | undefined> {
    const resolved = await this.resolve(path, call)
    const recalled = this.#cache.known.recall(resolved)
    const stale = { node: recalled === 'missing' ? undefined : recalled }
    const ask = async (signal: AbortSignal): Promise<typeof stale> => ({
      node: await this.find(resolved, { signal }),
    })
    return (await orElseStale(stale, this.#stall, call.signal, ask)).node
  }

  /** As `findToReplace` a while ago, as far as nobody here has changed it since; undefined when memory does not say. */
  recall(path: VfsPath): Known {
    return this.#cache.known.recall(this.#spelling.asKnown(path))
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
    const known = this.#cache.known.lookup(resolved)
    if (typeof known === 'object') return known
    if (known === 'missing' || this.#cache.known.isBelowMissing(resolved)) throw notFound(path)
    const ask = (signal: AbortSignal): Promise<Node> => this.#looks.stat(resolved, { signal })
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
    return this.#looks.statNow(await this.resolve(path, call), call)
  }

  async list(path: VfsPath, call: Call): Promise<Directory> {
    const resolved = await this.resolve(path, call)
    const { known } = this.#cache
    const directory = known.lookupDirectory(resolved)
    if (directory !== undefined) return directory
    if (known.isMissing(resolved)) throw notFound(path)
    return orElseStale(known.recallDirectory(resolved), this.#stall, call.signal, (signal) =>
      this.#looks.list(resolved, { signal }),
    )
  }

  async read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedNode> {
    const resolved = await this.resolve(path, call)
    const known = this.#cache.known.lookup(resolved)
    if (known === 'missing') throw notFound(path)
    const kept = known === undefined ? undefined : this.#smallFiles.open(resolved, known, range)
    if (kept !== undefined) return kept
    const opened = await this.#looks.read(resolved, range, call)
    return range === undefined ? this.#smallFiles.keepOnceRead(resolved, opened) : opened
  }

  async write(path: VfsPath, body: Chunks, call: Call): Promise<Node> {
    const resolved = await this.resolve(path, call)
    const attributes = await this.#change([resolved], () => this.#backend.write(resolved, body, call))
    return this.#cache.changes.placed(resolved, attributes)
  }

  async makeDirectory(path: VfsPath, call: Call): Promise<Node> {
    const resolved = await this.resolve(path, call)
    const known = this.#cache.known.lookup(resolved)
    if (typeof known === 'object') throw new AppError('already-exists', { path })
    const attributes = await this.#change([resolved], () => this.#backend.makeDirectory(resolved, call))
    return this.#cache.changes.madeDirectory(resolved, attributes)
  }

  /** Renames onto a path where nothing or a file is; `from` and `to` as `resolve` gave them. */
  async move(from: VfsPath, to: VfsPath, call: Call): Promise<Node> {
    using _move = this.#cache.changes.beginMove(from)
    const attributes = await this.#change([from, to], () => this.#backend.move(from, to, call))
    return this.#cache.changes.moved(from, to, attributes)
  }

  async remove(path: VfsPath, call: Call): Promise<void> {
    const resolved = await this.resolve(path, call)
    if (this.#cache.known.lookup(resolved) === 'missing') throw notFound(path)
    await this.#change([resolved], () => this.#backend.remove(resolved, call))
    this.#cache.changes.removed(resolved)
  }

  /** Something in `directory` changed that the backend does not know of. */
  touch(directory: VfsPath): void {
    this.#cache.touched(this.#spelling.asKnown(directory))
  }

  /**
   * What may be said of `path` while the backend is silent. That it is not there only where macOS would believe it without asking: a
   * wrong "no such file" stays with it, but without one no new file can be saved. Should it be wrong, both files are kept.
   */
  #staleAnswer(path: VfsPath): Known {
    const { known } = this.#cache
    const stale = known.recall(path)
    if (stale !== 'missing') return stale
    return known.wasMissingAt(path, this.#stall.health.silentSinceMs) ? 'missing' : undefined
  }

  /**
   * The root is answered from memory, so its stamp moves only with listings. macOS asks for it to learn whether names it once missed
   * are still missing: unless somebody lists the root meanwhile, they would be for good.
   */
  #keepRootFresh(): void {
    const { health, lifetime } = this.#stall
    if (health.isStalled || !this.#cache.known.isDueForListing(rootPath)) return
    this.#looks.list(rootPath, { signal: lifetime }).catch(() => undefined) // Whoever lists it next hears of it.
  }

  /** A refusal leaves everything as it was, but shows that what we believed may be wrong; so does silence. */
  async #change<T>(paths: readonly VfsPath[], change: () => Promise<T>): Promise<T> {
    const { changes } = this.#cache
    try {
      return await change()
    } catch (error) {
      for (const path of paths) changes.doubt(path)
      if (isAppError(error, 'parent-missing')) for (const path of paths) changes.doubt(parentOf(path))
      throw error
    }
  }
}

function notFound(path: VfsPath): AppError {
  return new AppError('not-found', { path })
}
