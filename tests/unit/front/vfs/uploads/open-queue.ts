import type { Attributes, Call } from '../../../../../src-main/front/vfs/backend.ts'
import { parsePath, rootPath, type VfsPath } from '../../../../../src-main/front/vfs/path.ts'
import { createUploadQueue } from '../../../../../src-main/front/vfs/uploads/create-upload-queue.ts'
import type { UploadQueueOptions } from '../../../../../src-main/front/vfs/uploads/queue-parts.ts'
import type { BaseVersion, UploadEvent, UploadId } from '../../../../../src-main/front/vfs/uploads/upload.ts'
import type { UploadQueue } from '../../../../../src-main/front/vfs/uploads/upload-queue.ts'
import { createEmitter } from '../../../../../src-main/lib/event.ts'
import { isAppError } from '../../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { chunksOf, MemoryBackend, textOf } from '../../../../fakes/memory-backend.ts'
import { MemoryUploadStore } from '../../../../fakes/memory-upload-store.ts'

export const call: Call = { signal: new AbortController().signal }

export function at(path: string): VfsPath {
  return parsePath(path)
}

export class FakeHealth {
  isStalled = false
  readonly recoveries = createEmitter<undefined>()

  recover(): void {
    this.isStalled = false
    this.recoveries.fire(undefined)
  }
}

/**
 * A queue over a memory backend and a memory store, with one client that knows what it has seen or saved and takes every other
 * path for empty. The clock stands still; `random` is 0, so that every pause has its full length.
 */
export class OpenedQueue implements AsyncDisposable {
  readonly clock = new FakeClock()
  readonly backend = new MemoryBackend(this.clock)
  readonly health = new FakeHealth()
  readonly events: UploadEvent[] = []
  readonly changed: string[] = []
  readonly known = new Map<string, BaseVersion>()
  store: MemoryUploadStore
  queue: UploadQueue
  readonly #options: Partial<UploadQueueOptions>

  constructor(options: Partial<UploadQueueOptions> = {}, store = new MemoryUploadStore()) {
    this.#options = options
    this.store = store
    this.known.set('/', { kind: 'directory', size: 0, modifiedMs: 0, createdMs: 0, fileId: 1 })
    this.queue = this.#open()
  }

  /** A client saves a file, and knows it from then on by what it was told. */
  async put(path: string, text: string | Uint8Array, signal = call.signal): Promise<Attributes> {
    const attributes = await this.queue.backend.write(at(path), chunksOf(text), { signal })
    this.known.set(path, attributes)
    return attributes
  }

  /** A client looks at a path. */
  async see(path: string): Promise<BaseVersion> {
    const seen = await this.queue.backend.stat(at(path), call).catch((error: unknown) => {
      if (isAppError(error, 'not-found')) return 'nothing' as const
      throw error
    })
    this.known.set(path, seen)
    return seen
  }

  async text(path: string): Promise<string> {
    return textOf((await this.queue.backend.read(at(path), undefined, call)).body)
  }

  async names(path: string): Promise<string[]> {
    return [...(await this.queue.backend.list(at(path), call)).entries.keys()].sort()
  }

  async move(from: string, to: string): Promise<Attributes> {
    const moved = await this.queue.backend.move(at(from), at(to), call)
    this.known.set(to, moved)
    this.known.set(from, 'nothing')
    return moved
  }

  async remove(path: string): Promise<void> {
    await this.queue.backend.remove(at(path), call)
    this.known.set(path, 'nothing')
  }

  /** What a client sees below `path`: texts by path, `null` for a directory. */
  async tree(path: VfsPath = rootPath): Promise<Record<string, string | null>> {
    const found: Record<string, string | null> = {}
    const { entries } = await this.queue.backend.list(path, call)
    for (const [name, { kind }] of entries) {
      const child = at(`${path}/${name}`)
      found[child] = kind === 'file' ? await this.text(child) : null
      if (kind === 'directory') Object.assign(found, await this.tree(child))
    }
    return found
  }

  /** Lets all that can go on without time passing go on. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await this.clock.advance(0)
  }

  idOf(path: string): UploadId {
    return this.queue.list().find((upload) => upload.path === path)!.id
  }

  /** The front ends and starts again. A client's knowledge does not survive that. */
  async restart(): Promise<void> {
    await this.queue[Symbol.asyncDispose]()
    this.#forgetWhatClientsKnow()
    this.queue = this.#open()
  }

  /** The front is gone at once: what it still does reaches neither store nor backend. */
  crashInto(store: MemoryUploadStore): void {
    this.store.cut()
    this.store = store
    this.#forgetWhatClientsKnow()
    this.queue = this.#open()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.queue[Symbol.asyncDispose]()
  }

  #forgetWhatClientsKnow(): void {
    const root = this.known.get('/')
    this.known.clear()
    if (root !== undefined) this.known.set('/', root)
  }

  #open(): UploadQueue {
    const queue = createUploadQueue({
      store: this.store,
      backend: this.backend,
      health: this.health,
      clock: this.clock,
      mode: 'queued',
      hostName: 'studio',
      random: () => 0,
      knownAt: (path) => this.known.get(path) ?? 'nothing',
      onChanged: (path) => {
        this.changed.push(path)
        this.known.delete(path)
      },
      ...this.#options,
    })
    queue.events.on((event) => this.events.push(event))
    return queue
  }
}
