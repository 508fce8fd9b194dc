import { LRUCache } from 'lru-cache'

import type { Clock } from '../../../../lib/clock.ts'
import type { Attributes, ByteRange, Listing } from '../../backend.ts'
import { isWithin, nameOf, parentOf, type VfsPath } from '../../path.ts'
import type { Fetches } from './fetches.ts'
import { Follower } from './follower.ts'

/** Nobody reads more files than that range by range at once. */
const maxFollowers = 256
/** Files that are fetched ahead for requests to come: they bound what the cache holds in memory for nobody. */
const maxFetching = 12

/** The followers of all files that are asked for range by range, by path. */
export class Followers {
  readonly #fetches: Fetches
  readonly #clock: Clock
  readonly #all = new LRUCache<VfsPath, Follower>({
    max: maxFollowers,
    dispose: (follower) => follower.stop(),
  })

  constructor(fetches: Fetches, clock: Clock) {
    this.#fetches = fetches
    this.#clock = clock
  }

  /** The one for `path`, told of a request for `range`. */
  note(path: VfsPath, range: ByteRange): Follower {
    let follower = this.#all.get(path)
    if (follower === undefined) {
      follower = new Follower(this.#fetches, this.#clock, () => this.#mayStart())
      this.#all.set(path, follower)
    }
    follower.note(range)
    return follower
  }

  /** The backend was asked at `atMs`, and has shown `attributes` for `path`. */
  saw(path: VfsPath, attributes: Attributes, atMs: number): void {
    this.#all.peek(path)?.saw(attributes, atMs)
  }

  /** As `saw`, for all that is in the directory. */
  sawListing(directory: VfsPath, { entries }: Listing, atMs: number): void {
    for (const [path, follower] of this.#all.entries()) {
      const attributes = parentOf(path) === directory ? entries.get(nameOf(path)) : undefined
      if (attributes !== undefined) follower.saw(attributes, atMs)
    }
  }

  /** Something else is at `path` and below it now. */
  forget(path: VfsPath): void {
    for (const followed of [...this.#all.keys()]) if (isWithin(followed, path)) this.#all.delete(followed)
  }

  /** Ends all that is fetched for requests to come. */
  stop(): void {
    this.#all.clear()
  }

  #mayStart(): boolean {
    return [...this.#all.values()].filter(({ isFetching }) => isFetching).length < maxFetching
  }
}
