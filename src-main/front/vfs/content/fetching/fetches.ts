import { AppError } from '../../../../shared/errors.ts'
import type { Backend } from '../../backend.ts'
import { isWithin, type VfsPath } from '../../path.ts'
import { rangeOf, type BlockSpan } from '../blocks.ts'
import type { CachedFile } from '../cached-file.ts'
import type { OpenFiles } from '../open-files.ts'
import { isSameVersion } from '../version.ts'
import { Fetch } from './fetch.ts'
import type { Holder } from './holder.ts'

/** All reads of the backend that are under way. */
export class Fetches {
  readonly #backend: Backend
  readonly #files: OpenFiles
  readonly #all = new Set<Fetch>()
  readonly #opening = new Map<VfsPath, Set<Fetch>>()
  #hasStopped = false

  constructor(backend: Backend, files: OpenFiles) {
    this.#backend = backend
    this.#files = files
  }

  /** A fetch that the backend has not answered yet, and that will bring `block` of whatever is at `path`. */
  joinable(path: VfsPath, block: number): Fetch | undefined {
    return [...(this.#opening.get(path) ?? [])].find((fetch) => fetch.covers(block))
  }

  /** What is being opened at or below `path` may be older than the change that has just been made there: nobody joins it any more. */
  keepApart(path: VfsPath): void {
    for (const opening of this.#opening.keys()) if (isWithin(opening, path)) this.#opening.delete(opening)
  }

  /** Begins one, held by `holder`. Its file is `expected` as long as the backend still has that version. */
  start(path: VfsPath, span: BlockSpan, expected: CachedFile | undefined, holder: Holder): Fetch {
    if (this.#hasStopped) throw new AppError('cancelled')
    const fetch = new Fetch({
      span,
      expected,
      ask: (signal) => this.#backend.read(path, rangeOf(span), { signal }),
      fileFor: (attributes) =>
        expected !== undefined && isSameVersion(expected.attributes, attributes)
          ? expected
          : this.#files.adopt(path, attributes),
    })
    holder.hold(fetch)
    this.#all.add(fetch)
    this.#noteOpening(path, fetch)
    void fetch.ended.then(() => this.#all.delete(fetch))
    return fetch
  }

  /** Ends all, and lets none begin any more. */
  async stop(): Promise<void> {
    this.#hasStopped = true
    for (const fetch of this.#all) fetch.stop()
    await Promise.all([...this.#all].map((fetch) => fetch.ended))
  }

  #noteOpening(path: VfsPath, fetch: Fetch): void {
    const opening = this.#opening.get(path) ?? new Set()
    this.#opening.set(path, opening.add(fetch))
    const forget = (): void => {
      opening.delete(fetch)
      if (opening.size === 0 && this.#opening.get(path) === opening) this.#opening.delete(path)
    }
    fetch.opened.then(forget, forget)
  }
}
