import type { Clock } from '../../../lib/clock.ts'
import { isAppError } from '../../../shared/errors.ts'
import { orAborted, throwIfAborted } from '../../files/abort.ts'
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
import { blockAt, blocksAsked, blocksOf, bytesIn, joinNearest, type ByteSpan } from './blocks.ts'
import type { CachedFile } from './cached-file.ts'
import type { Fetch } from './fetching/fetch.ts'
import { Fetches } from './fetching/fetches.ts'
import { Holder } from './fetching/holder.ts'
import { ReadAhead } from './fetching/read-ahead.ts'
import { Reader } from './fetching/reader.ts'
import { OpenFiles } from './open-files.ts'
import type { CacheStore } from './store/cache-store.ts'
import { isSameVersion } from './version.ts'

/** A file may be replaced while it is being opened; after so many times it is read past the cache, from a single opening. */
const maxTries = 3
/** Gaps in what is cached cost an opening each; nearer ones are fetched as one, with what lies between. */
const maxGaps = 4
/** A fetch goes no further than this before its reader is there. */
const blocksAtFirst = 4

/** A backend whose `read` is answered from the Mac's disk as far as that holds the version the backend has. */
export class CachingBackend implements Backend, AsyncDisposable {
  readonly #inner: Backend
  readonly #store: CacheStore
  readonly #files: OpenFiles
  readonly #fetches: Fetches
  readonly #readAhead: ReadAhead
  #hits = 0
  #misses = 0

  constructor(inner: Backend, store: CacheStore, clock: Clock) {
    this.#inner = inner
    this.#store = store
    this.#files = new OpenFiles(store)
    this.#fetches = new Fetches(inner, this.#files, clock)
    this.#readAhead = new ReadAhead(this.#fetches)
  }

  get hits(): number {
    return this.#hits
  }

  get misses(): number {
    return this.#misses
  }

  async read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedFile> {
    throwIfAborted(call.signal)
    const holder = new Holder(blockAt(range?.start ?? 0) + blocksAtFirst)
    try {
      let current: CachedFile | undefined
      for (let tries = 0; tries < maxTries && this.#store.isUsable; tries += 1) {
        const known: CachedFile | undefined = current ?? this.#knownAt(path, range)
        const file = known ?? (await this.#open(path, range, holder, call))
        holder.use(file)
        const isCurrent = known === undefined || known === current
        const found = await this.#secure(file, range, isCurrent, holder, call)
        if (found === file) return this.#openReader(file, range, holder, call)
        current = found
      }
    } catch (error) {
      holder.letGo()
      throw error
    }
    holder.letGo()
    return this.#inner.read(path, range, call)
  }

  list(path: VfsPath, call: Call): Promise<Listing> {
    return this.#inner.list(path, call)
  }

  stat(path: VfsPath, call: Call): Promise<Attributes> {
    return this.#inner.stat(path, call)
  }

  async write(path: VfsPath, body: Chunks, call: Call): Promise<Attributes> {
    const attributes = await this.#inner.write(path, body, call)
    this.#fetches.keepApart(path)
    this.#files.drop(path)
    return attributes
  }

  makeDirectory(path: VfsPath, call: Call): Promise<Attributes> {
    return this.#inner.makeDirectory(path, call)
  }

  async move(from: VfsPath, to: VfsPath, call: Call): Promise<Attributes> {
    const attributes = await this.#inner.move(from, to, call)
    this.#fetches.keepApart(from)
    this.#fetches.keepApart(to)
    this.#files.move(from, to)
    return attributes
  }

  async remove(path: VfsPath, call: Call): Promise<void> {
    await this.#inner.remove(path, call)
    this.#fetches.keepApart(path)
    this.#files.drop(path)
  }

  statfs(call: Call): Promise<SpaceInfo> {
    return this.#inner.statfs(call)
  }

  /** Ends all that is being fetched, keeps what has arrived. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#fetches.stop()
    await this.#files.flush()
    await this.#store.close()
  }

  /** What is cached; undefined while somebody else is about to see what the backend has at the range's beginning. */
  #knownAt(path: VfsPath, range: ByteRange | undefined): CachedFile | undefined {
    const joinable = this.#fetches.joinable(path, blockAt(range?.start ?? 0))
    return joinable === undefined ? this.#files.find(path) : undefined
  }

  /** Sees what the backend has now, by reading it or together with somebody who is about to. */
  #open(path: VfsPath, range: ByteRange | undefined, holder: Holder, call: Call): Promise<CachedFile> {
    const joined = this.#fetches.joinable(path, blockAt(range?.start ?? 0))
    if (joined !== undefined) holder.hold(joined)
    const fetch = joined ?? this.#fetches.start(path, blocksAsked(range), undefined, holder)
    return orAborted(fetch.opened, call.signal)
  }

  /**
   * Sees to it that all of `range` is cached or on its way, and that the backend has this very version now. What the backend has
   * to be asked for answers that, too; only when it has to be asked for nothing does it cost a `stat`.
   * @returns `file`; or the one for the version that the backend has, where that was seen; or undefined to begin anew.
   */
  async #secure(
    file: CachedFile,
    range: ByteRange | undefined,
    isCurrent: boolean,
    holder: Holder,
    call: Call,
  ): Promise<CachedFile | undefined> {
    const { gaps, fetches: joined } = file.coverage(blocksOf(bytesIn(range, file.attributes.size)), 'end')
    for (const fetch of joined) holder.hold(fetch)
    const started = joinNearest(gaps, maxGaps).map((gap) => this.#fetches.start(file.path, gap, file, holder))
    const bringing = [...joined, ...started]
    const opening = bringing.filter((fetch) => !fetch.isOpen)
    for (const fetch of opening) {
      const found = await orAborted(fetch.opened, call.signal)
      if (found === file) continue
      for (const other of bringing) if (other !== fetch) holder.letGoOf(other)
      return found
    }
    const isHit = bringing.length === 0
    if (opening.length === 0 && !isCurrent && !(await this.#isCurrent(file, isHit, call))) return undefined
    if (isHit) this.#hits += 1
    else this.#misses += 1
    return file
  }

  async #isCurrent(file: CachedFile, isHit: boolean, call: Call): Promise<boolean> {
    try {
      const attributes = await this.#inner.stat(file.path, call)
      if (isSameVersion(attributes, file.attributes)) {
        file.attributes = attributes
        return true
      }
    } catch (error) {
      // A backend that is silent for longer than a client waits leaves the choice between what we have and a failure.
      if (isHit && isAppError(error, 'stalled')) return true
      if (isAppError(error, 'not-found', 'not-a-directory')) this.#files.retire(file)
      throw error
    }
    this.#files.retire(file)
    return false
  }

  #openReader(file: CachedFile, range: ByteRange | undefined, holder: Holder, call: Call): OpenedFile {
    const bytes: ByteSpan = bytesIn(range, file.attributes.size)
    const reader = new Reader({
      file,
      bytes,
      holder,
      signal: call.signal,
      startFetch: (span): Fetch => this.#fetches.start(file.path, span, file, holder),
      startLane: (span) => this.#fetches.startLane(file, span, holder),
    })
    if (range !== undefined && this.#store.isUsable) this.#readAhead.note(file, bytes)
    return reader.opened()
  }
}
