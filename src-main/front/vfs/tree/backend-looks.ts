import { SingleFlight } from '../../../lib/single-flight.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Attributes, Backend, ByteRange, Call, Listing, OpenedFile } from '../backend.ts'
import { nameOf, parentOf, type VfsPath } from '../path.ts'
import type { Directory, Node, OpenedNode } from '../vfs.ts'
import type { Look } from './looks.ts'
import type { MetadataCache } from './metadata-cache.ts'

/** Asks the backend, and takes what it shows, absence too, into the cache. Equal questions that are asked at once are one. */
export class BackendLooks {
  readonly #backend: Pick<Backend, 'stat' | 'list' | 'read'>
  readonly #cache: MetadataCache
  readonly #stats = new SingleFlight<Node>()
  readonly #lists = new SingleFlight<Directory>()

  constructor(backend: Pick<Backend, 'stat' | 'list' | 'read'>, cache: MetadataCache) {
    this.#backend = backend
    this.#cache = cache
  }

  /** Joins a look under way, unless that was asked before something changed: whoever made the change must not be told of before. */
  stat(path: VfsPath, { signal }: Call): Promise<Node> {
    const ask = (shared: AbortSignal): Promise<Node> => this.statNow(path, { signal: shared })
    return this.#stats.run(`${this.#cache.changes.count} ${path}`, ask, signal)
  }

  /** A look of its own. */
  statNow(path: VfsPath, call: Call): Promise<Node> {
    return this.#look(path, () => this.#backend.stat(path, call))
  }

  /** Joins a listing under way: that takes in changes that are known for sure. Not those in doubt. */
  list(path: VfsPath, { signal }: Call): Promise<Directory> {
    const ask = (shared: AbortSignal): Promise<Directory> => this.#list(path, { signal: shared })
    return this.#lists.run(`${this.#cache.changes.doubtCount} ${path}`, ask, signal)
  }

  async read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedNode> {
    let opened: OpenedFile | undefined
    const node = await this.#look(path, async () => {
      opened = await this.#backend.read(path, range, call)
      return opened.attributes
    })
    if (opened === undefined) throw new AppError('unexpected')
    const { length, body } = opened
    const close = opened.close.bind(opened)
    return { node, length, body, close }
  }

  async #look(path: VfsPath, ask: () => Promise<Attributes>): Promise<Node> {
    const { looks } = this.#cache
    for (;;) {
      const look = looks.begin(parentOf(path))
      let attributes: Attributes
      try {
        attributes = await ask()
      } catch (error) {
        if (!this.#endFailed(look, path, error)) throw error
        continue
      }
      return looks.endSeen(look, nameOf(path), attributes)
    }
  }

  async #list(path: VfsPath, call: Call): Promise<Directory> {
    const { looks } = this.#cache
    for (;;) {
      // What befalls the directory itself is told where it is a child.
      const above = looks.begin(parentOf(path))
      const look = looks.begin(path)
      let listing: Listing
      try {
        listing = await this.#backend.list(path, call)
      } catch (error) {
        looks.abandon(look)
        if (!this.#endFailed(above, path, error)) throw error
        continue
      }
      const directory = looks.endList(look, listing)
      looks.abandon(above)
      // Otherwise the directory was moved or removed while it was listed: what is there now decides.
      if (directory !== undefined) return directory
    }
  }

  /**
   * A look at `path` has failed with `error`, begun as `look` at its parent. @returns true when it is worth another: that nothing was
   * there was true before something changed there.
   */
  #endFailed(look: Look, path: VfsPath, error: unknown): boolean {
    const { looks } = this.#cache
    const isOutdated = !looks.isCurrent(look, nameOf(path))
    if (isAppError(error, 'not-found')) looks.endMissed(look, nameOf(path))
    else looks.abandon(look)
    return isOutdated && isAppError(error, 'not-found', 'not-a-directory')
  }
}
