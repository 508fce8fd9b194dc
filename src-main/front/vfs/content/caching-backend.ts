import type { Clock } from '../../../lib/clock.ts'
import { throwIfAborted } from '../../files/abort.ts'
import type {
  Attributes,
  Backend,
  ByteRange,
  Call,
  Chunks,
  Listing,
  OpenedFile,
  SpaceInfo,
} from '../backend.ts'
import type { VfsPath } from '../path.ts'
import { Fetches } from './fetching/fetches.ts'
import { Followers } from './fetching/followers.ts'
import { FileOpener } from './file-opener.ts'
import { OpenFiles } from './open-files.ts'
import type { CacheStore } from './store/cache-store.ts'

/** A backend whose `read` is answered from the Mac's disk as far as that holds the version the backend has. */
export class CachingBackend implements Backend, AsyncDisposable {
  readonly #inner: Backend
  readonly #store: CacheStore
  readonly #clock: Clock
  readonly #files: OpenFiles
  readonly #fetches: Fetches
  readonly #followers: Followers
  readonly #opener: FileOpener

  constructor(inner: Backend, store: CacheStore, clock: Clock) {
    this.#inner = inner
    this.#store = store
    this.#clock = clock
    this.#files = new OpenFiles(store)
    this.#fetches = new Fetches(inner, this.#files)
    this.#followers = new Followers(this.#fetches, clock)
    this.#opener = new FileOpener({
      backend: inner,
      files: this.#files,
      fetches: this.#fetches,
      followers: this.#followers,
      clock,
    })
  }

  get hits(): number {
    return this.#opener.hits
  }

  get misses(): number {
    return this.#opener.misses
  }

  async read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedFile> {
    throwIfAborted(call.signal)
    const opened = this.#store.isUsable ? await this.#opener.open(path, range, call) : undefined
    return opened ?? this.#inner.read(path, range, call)
  }

  async list(path: VfsPath, call: Call): Promise<Listing> {
    const atMs = this.#clock.monotonicMs()
    const listing = await this.#inner.list(path, call)
    this.#followers.sawListing(path, listing, atMs)
    return listing
  }

  async stat(path: VfsPath, call: Call): Promise<Attributes> {
    const atMs = this.#clock.monotonicMs()
    const attributes = await this.#inner.stat(path, call)
    this.#followers.saw(path, attributes, atMs)
    return attributes
  }

  async write(path: VfsPath, body: Chunks, call: Call): Promise<Attributes> {
    const attributes = await this.#inner.write(path, body, call)
    this.#keepApart(path)
    this.#files.drop(path)
    return attributes
  }

  makeDirectory(path: VfsPath, call: Call): Promise<Attributes> {
    return this.#inner.makeDirectory(path, call)
  }

  async move(from: VfsPath, to: VfsPath, call: Call): Promise<Attributes> {
    const attributes = await this.#inner.move(from, to, call)
    this.#keepApart(from)
    this.#keepApart(to)
    this.#files.move(from, to)
    return attributes
  }

  async remove(path: VfsPath, call: Call): Promise<void> {
    await this.#inner.remove(path, call)
    this.#keepApart(path)
    this.#files.drop(path)
  }

  statfs(call: Call): Promise<SpaceInfo> {
    return this.#inner.statfs(call)
  }

  /** Ends all that is being fetched, keeps what has arrived. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#followers.stop()
    await this.#fetches.stop()
    await this.#files.flush()
    await this.#store.close()
  }

  /** Something else is at `path` and below it from now on. */
  #keepApart(path: VfsPath): void {
    this.#fetches.keepApart(path)
    this.#followers.forget(path)
  }
}
