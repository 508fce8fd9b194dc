import type {
  Attributes,
  Backend,
  ByteRange,
  Call,
  Chunks,
  Listing,
  OpenedFile,
  SpaceInfo,
} from '../../../../../src-main/front/vfs/backend.ts'
import type { VfsPath } from '../../../../../src-main/front/vfs/path.ts'
import type { Clock } from '../../../../../src-main/lib/clock.ts'
import { AppError } from '../../../../../src-main/shared/errors.ts'

export interface SlowBackendOptions {
  readonly clock: Clock
  readonly random: () => number
  /** The longest that a question, and then an answer, is on its way. */
  readonly longestMs: number
  /** How many answers of changes to the tree get lost, from 0 to 1. Those of writes never do. */
  readonly lost: number
  readonly note: (line: string) => void
}

/**
 * A backend whose questions and answers are on their way for a random time each, so that they overtake one another. When it is cut off
 * nothing that has not reached `inner` does so any more.
 */
export class SlowBackend implements Backend {
  readonly #inner: Backend
  readonly #options: SlowBackendOptions
  readonly #cut = new AbortController()

  constructor(inner: Backend, options: SlowBackendOptions) {
    this.#inner = inner
    this.#options = options
  }

  cutOff(): void {
    this.#cut.abort()
  }

  list(path: VfsPath, call: Call): Promise<Listing> {
    return this.#slowly(`list ${path}`, call, (inner) => this.#inner.list(path, inner))
  }

  stat(path: VfsPath, call: Call): Promise<Attributes> {
    return this.#slowly(`stat ${path}`, call, (inner) => this.#inner.stat(path, inner))
  }

  read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedFile> {
    return this.#slowly(`read ${path}`, call, (inner) => this.#inner.read(path, range, inner))
  }

  write(path: VfsPath, body: Chunks, call: Call): Promise<Attributes> {
    return this.#slowly(`write ${path}`, call, (inner) => this.#inner.write(path, body, inner))
  }

  makeDirectory(path: VfsPath, call: Call): Promise<Attributes> {
    return this.#slowly(`mkdir ${path}`, call, (inner) => this.#inner.makeDirectory(path, inner))
  }

  move(from: VfsPath, to: VfsPath, call: Call): Promise<Attributes> {
    return this.#slowly(`move ${from} ${to}`, call, (inner) => this.#inner.move(from, to, inner))
  }

  remove(path: VfsPath, call: Call): Promise<void> {
    return this.#slowly(`remove ${path}`, call, (inner) => this.#inner.remove(path, inner))
  }

  statfs(call: Call): Promise<SpaceInfo> {
    return this.#inner.statfs(call)
  }

  async #slowly<T>(what: string, call: Call, work: (call: Call) => Promise<T>): Promise<T> {
    const { random, lost, note } = this.#options
    const signal = AbortSignal.any([call.signal, this.#cut.signal])
    await this.#travel(signal)
    note(`    at the backend: ${what}`)
    const [outcome] = await Promise.allSettled([work({ signal })])
    await this.#travel(signal)
    if (/^(mkdir|move|remove)/.test(what) && random() < lost) throw new AppError('stalled')
    note(`    answered: ${what}`)
    if (outcome.status === 'rejected') throw outcome.reason as Error
    return outcome.value
  }

  async #travel(signal: AbortSignal): Promise<void> {
    const { clock, random, longestMs } = this.#options
    try {
      // Most of it is quick; now and then something takes its time.
      await clock.sleep(Math.floor(longestMs * random() ** 3), signal)
    } catch (cause) {
      throw new AppError('cancelled', {}, { cause })
    }
  }
}
