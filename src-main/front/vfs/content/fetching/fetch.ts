import { AppError } from '../../../../shared/errors.ts'
import { cancelled } from '../../../files/abort.ts'
import type { Attributes, OpenedFile } from '../../backend.ts'
import { countBlocks, type BlockSpan } from '../blocks.ts'
import type { CachedFile } from '../cached-file.ts'
import { Demand } from './demand.ts'
import type { Holder } from './holder.ts'

/** A block this near to where a fetch stands is waited for; for one further off another fetch is begun. */
const nearBlocks = 8

export interface FetchSource {
  readonly span: BlockSpan
  /** The file that is believed to lack the span; undefined when nothing is known of what the backend has. */
  readonly expected: CachedFile | undefined
  /** One read of the backend; its bytes begin with the span's first block. */
  readonly ask: (signal: AbortSignal) => Promise<OpenedFile>
  /** Gives the file that content with these attributes belongs to. */
  readonly fileFor: (attributes: Attributes) => CachedFile
}

/**
 * One read of the backend on its way into a file's blocks. It goes on for as long as somebody holds it, and only as far ahead
 * as the foremost of them wants; what another fetch is nearer to, it leaves to that one. The blocks it has completed stay.
 */
export class Fetch {
  readonly #source: FetchSource
  readonly #demand = new Demand()
  readonly #abort = new AbortController()
  readonly #ended = Promise.withResolvers<undefined>()
  #file: CachedFile | undefined
  #next: number
  #end: number
  #isOpen = false
  #hasEnded = false
  #error: unknown
  /** The file, once the backend has opened it; rejects with the backend's refusal. */
  readonly opened: Promise<CachedFile>

  /** Begins at once. The caller holds it in the same turn. */
  constructor(source: FetchSource) {
    this.#source = source
    this.#next = source.span.first
    this.#end = source.span.end
    this.#file = source.expected
    this.#file?.addFetch(this)
    this.opened = this.#open()
    this.opened.catch((error: unknown) => {
      this.#error = error
      this.#finish()
    })
  }

  /** Resolves when nothing of it goes on any more, however it ended. */
  get ended(): Promise<undefined> {
    return this.#ended.promise
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Why it ended before its time. */
  get error(): unknown {
    return this.#error
  }

  /** The block it fills now or next. */
  get next(): number {
    return this.#next
  }

  /** Whether it will bring `block` sooner or later. One that is being stopped brings nothing, and nobody can take it up again. */
  covers(block: number): boolean {
    return !this.#abort.signal.aborted && block >= this.#next && block < this.#end
  }

  isNear(block: number): boolean {
    return this.covers(block) && (block < this.#next + nearBlocks || this.#demand.isSummoned(block))
  }

  /** Makes it go on to `block`, however far that is: nobody else can bring it. */
  summon(block: number): void {
    this.#demand.summon(block)
    this.#file?.wake()
  }

  addHolder(holder: Holder): void {
    this.#demand.add(holder)
    this.#file?.wake()
  }

  removeHolder(holder: Holder): void {
    if (this.#demand.remove(holder)) this.stop()
  }

  stop(): void {
    this.#abort.abort()
    this.#file?.wake()
  }

  async #open(): Promise<CachedFile> {
    const { signal } = this.#abort
    const opened = await this.#source.ask(signal)
    if (signal.aborted) {
      await opened.close().catch(() => undefined)
      throw cancelled(signal)
    }
    const file = this.#source.fileFor(opened.attributes)
    this.#end = Math.min(this.#end, countBlocks(file.attributes.size))
    if (file !== this.#file) {
      this.#file?.removeFetch(this)
      this.#file = file
      file.addFetch(this)
    }
    this.#isOpen = true
    // Otherwise a short file could be done with before anybody had a turn to take hold of it.
    for (const holder of this.#demand.holders) holder.noteFound(file)
    void this.#run(file, opened)
    return file
  }

  async #run(file: CachedFile, opened: OpenedFile): Promise<void> {
    const { signal } = this.#abort
    // What hangs in the backend must not keep its readers waiting; its late failure is nobody's news.
    const onAbort = (): void => void opened.close().catch(() => undefined)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      await this.#fill(file, opened.body[Symbol.asyncIterator]())
    } catch (error) {
      this.#error = error
    }
    signal.removeEventListener('abort', onAbort)
    this.#finish()
    await opened.close().catch(() => undefined)
  }

  #finish(): void {
    this.#hasEnded = true
    for (const holder of this.#demand.holders) holder.letGoOf(this)
    this.#file?.removeFetch(this)
    this.#ended.resolve(undefined)
  }

  async #fill(file: CachedFile, source: AsyncIterator<Uint8Array>): Promise<void> {
    let chunk: Uint8Array = new Uint8Array(0)
    while (await this.#isWantedFurther(file)) {
      const block = file.begin(this.#next, this)
      while (block.filled < block.length) {
        if (chunk.length === 0) {
          const step = await source.next()
          if (this.#abort.signal.aborted) throw cancelled(this.#abort.signal)
          if (step.done === true) throw new AppError('backend-failed', { operation: 'read' })
          chunk = step.value
        }
        chunk = chunk.subarray(block.add(chunk))
        file.wake()
      }
      this.#next += 1
      await file.blocks.complete(block)
    }
  }

  /** Waits until the next block is wanted. @returns false when none will be. */
  async #isWantedFurther(file: CachedFile): Promise<boolean> {
    for (;;) {
      if (this.#abort.signal.aborted) throw cancelled(this.#abort.signal)
      if (this.#next >= this.#end || file.blocks.isComplete) return false
      const near = Math.min(this.#next + nearBlocks, this.#end)
      const wanted = this.#firstOwn(file, near)
      if (wanted === undefined && near === this.#end && !file.blocks.lacksAny(this.#next, near)) return false
      if (this.#demand.isSummoned(this.#next)) return true
      if (wanted !== undefined && this.#demand.reaches(wanted)) return true
      await file.changed()
    }
  }

  #firstOwn(file: CachedFile, end: number): number | undefined {
    for (let block = this.#next; block < end; block += 1) {
      if (!file.blocks.has(block) && file.bringerOf(block) === this) return block
    }
    return undefined
  }
}
