import type { Clock } from '../../../lib/clock.ts'
import { isAppError } from '../../../shared/errors.ts'
import { orAborted } from '../../files/abort.ts'
import type { Backend, ByteRange, Call, OpenedFile } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import { blockAt, blocksAsked, blocksOf, bytesIn, joinNearest, type BlockSpan } from './blocks.ts'
import type { CachedFile, Coverage } from './cached-file.ts'
import type { Fetch } from './fetching/fetch.ts'
import type { Fetches } from './fetching/fetches.ts'
import type { Follower } from './fetching/follower.ts'
import type { Followers } from './fetching/followers.ts'
import { Holder } from './fetching/holder.ts'
import { Reader } from './fetching/reader.ts'
import { limitFor } from './fetching/run-ahead.ts'
import type { OpenFiles } from './open-files.ts'
import { isSameVersion } from './version.ts'

/** A file may be replaced while it is being opened; after so many times it is left to be read past the cache. */
const maxTries = 3
/** Gaps in what is cached cost an opening each; nearer ones are fetched as one, with what lies between. */
const maxGaps = 4

export interface FileOpenerParts {
  readonly backend: Backend
  readonly files: OpenFiles
  readonly fetches: Fetches
  readonly followers: Followers
  readonly clock: Clock
}

/** One request for (a range of) a file. */
interface Request {
  readonly path: VfsPath
  readonly range: ByteRange | undefined
  readonly call: Call
  readonly holder: Holder
  readonly atMs: number
  /** Of a ranged request. */
  readonly follower: Follower | undefined
}

/** Opens files from the cache, and sees to it that they are of the version that the backend has. */
export class FileOpener {
  readonly #parts: FileOpenerParts
  #hits = 0
  #misses = 0

  constructor(parts: FileOpenerParts) {
    this.#parts = parts
  }

  get hits(): number {
    return this.#hits
  }

  get misses(): number {
    return this.#misses
  }

  /** @returns undefined when the file was replaced again and again meanwhile. */
  async open(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedFile | undefined> {
    const start = range?.start ?? 0
    const holder = new Holder(limitFor({ start, position: start, hasRoom: true }))
    const follower = range && this.#parts.followers.note(path, range)
    const request = { path, range, call, holder, follower, atMs: this.#parts.clock.monotonicMs() }
    try {
      const opened = await this.#tryToOpen(request)
      if (opened === undefined) holder.letGo()
      return opened
    } catch (error) {
      holder.letGo()
      throw error
    }
  }

  async #tryToOpen(request: Request): Promise<OpenedFile | undefined> {
    let current: CachedFile | undefined
    for (let tries = 0; tries < maxTries; tries += 1) {
      const known: CachedFile | undefined = current ?? this.#knownAt(request)
      const file = known ?? (await this.#openUnknown(request))
      request.holder.use(file)
      const isCurrent = known === undefined || known === current
      const found = await this.#secure(file, isCurrent, request)
      if (found === file) return this.#read(file, request)
      current = found
    }
    return undefined
  }

  /** What is cached; undefined while somebody else is about to see what the backend has at the range's beginning. */
  #knownAt({ path, range }: Request): CachedFile | undefined {
    const { fetches, files } = this.#parts
    return fetches.joinable(path, blockAt(range?.start ?? 0)) === undefined ? files.find(path) : undefined
  }

  /** Sees what the backend has now, by reading it or together with somebody who is about to. */
  #openUnknown({ path, range, holder, call }: Request): Promise<CachedFile> {
    const { fetches } = this.#parts
    const joined = fetches.joinable(path, blockAt(range?.start ?? 0))
    if (joined !== undefined) holder.hold(joined)
    const fetch = joined ?? fetches.start(path, blocksAsked(range), undefined, holder)
    return orAborted(fetch.opened, call.signal)
  }

  /**
   * Sees to it that all of the range is cached or on its way, and that the backend has this very version now. What the backend has
   * to be asked for answers that, too; only when it has to be asked for nothing does it cost a `stat`.
   * @returns `file`; or the one for the version that the backend has, where that was seen; or undefined to begin anew.
   */
  async #secure(file: CachedFile, isCurrent: boolean, request: Request): Promise<CachedFile | undefined> {
    const { range, holder, call, follower, atMs } = request
    const coverage = file.coverage(blocksOf(bytesIn(range, file.attributes.size)), 'end')
    const bringing = this.#bring(file, coverage, request)
    const opening = bringing.filter((fetch) => !fetch.isOpen)
    for (const fetch of opening) {
      const found = await orAborted(fetch.opened, call.signal)
      if (found === file) continue
      for (const other of bringing) if (other !== fetch) holder.letGoOf(other)
      return found
    }
    const isHit = bringing.length === 0
    if (opening.length > 0 || isCurrent) follower?.saw(file.attributes, atMs)
    else if (follower?.trusts(file) !== true && !(await this.#isCurrent(file, isHit, request)))
      return undefined
    if (isHit) this.#hits += 1
    else this.#misses += 1
    return file
  }

  #bring(file: CachedFile, { gaps, fetches }: Coverage, { holder, follower }: Request): readonly Fetch[] {
    for (const fetch of fetches) holder.hold(fetch)
    const spans = joinNearest(gaps, maxGaps)
    const started = spans.map((gap: BlockSpan, index) => {
      const span = index === spans.length - 1 ? (follower?.stretch(file, gap) ?? gap) : gap
      return this.#parts.fetches.start(file.path, span, file, holder)
    })
    return [...fetches, ...started]
  }

  async #isCurrent(file: CachedFile, isHit: boolean, { call, follower, atMs }: Request): Promise<boolean> {
    const { backend, files } = this.#parts
    try {
      const attributes = await backend.stat(file.path, call)
      if (isSameVersion(attributes, file.attributes)) {
        file.attributes = attributes
        follower?.saw(attributes, atMs)
        return true
      }
    } catch (error) {
      // A backend that is silent for longer than a client waits leaves the choice between what we have and a failure.
      if (isHit && isAppError(error, 'stalled')) return true
      if (isAppError(error, 'not-found', 'not-a-directory')) files.retire(file)
      throw error
    }
    files.retire(file)
    return false
  }

  #read(file: CachedFile, { range, holder, call, follower }: Request): OpenedFile {
    const bytes = bytesIn(range, file.attributes.size)
    const reader = new Reader({
      file,
      bytes,
      holder,
      signal: call.signal,
      startFetch: (span) => this.#parts.fetches.start(file.path, span, file, holder),
      onAbandoned: () => follower?.stop(),
    })
    follower?.goOn(file, bytes.start)
    return reader.opened()
  }
}
