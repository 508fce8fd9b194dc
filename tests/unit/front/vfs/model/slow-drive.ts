import { createVfs, type Drive } from '../../../../../src-main/front/vfs/drive-vfs.ts'
import type { FakeClock } from '../../../../fakes/fake-clock.ts'
import { chunksOf, textOf, type MemoryBackend } from '../../../../fakes/memory-backend.ts'
import { MemoryUploadStore, type MemoryDisk } from '../../../../fakes/memory-upload-store.ts'
import { at } from '../../../../harness/open-vfs.ts'
import type { Outcome } from './judge-look.ts'
import { SlowBackend, type SlowBackendOptions } from './slow-backend.ts'
import type { Change, TreeState } from './worlds.ts'

export interface SlowDriveOptions extends SlowBackendOptions {
  readonly clock: FakeClock
  readonly memory: MemoryBackend
  readonly disk: MemoryDisk
  readonly stateDir: string
  /** Undefined for a drive whose writes go straight to the backend. */
  readonly mode: 'queued' | undefined
  readonly ttlMs: number
}

/** One life of a drive over a slow backend, for clients that say paths as `Worlds` does. */
export class SlowDrive {
  /** Set when its clients are to make no more requests. */
  isClosing = false
  readonly #vfs: Drive
  readonly #store: MemoryUploadStore
  readonly #backend: SlowBackend
  /** Every call's. */
  readonly #life = new AbortController()

  constructor(options: SlowDriveOptions) {
    const { clock, memory, disk, stateDir, mode, ttlMs } = options
    this.#store = new MemoryUploadStore(disk)
    this.#backend = new SlowBackend(memory, options)
    this.#vfs = createVfs({
      backend: this.#backend,
      clock,
      stateDir,
      metadataTtlMs: ttlMs,
      negativeTtlMs: Math.min(2_000, ttlMs),
      readOnly: false,
      ...(mode && { uploads: { store: this.#store, mode, hostName: 'Mac' } }),
    })
  }

  get isDead(): boolean {
    return this.#life.signal.aborted
  }

  /** At once: what it has under way reaches neither disk nor backend. */
  async die(): Promise<void> {
    this.isClosing = true
    this.#store.cut()
    this.#backend.cutOff()
    this.#life.abort()
    await this.#vfs[Symbol.asyncDispose]()
  }

  async drained(): Promise<void> {
    await this.#vfs.uploads?.drained(this.#life.signal)
  }

  make(change: Change): Promise<unknown> {
    const path = at(change.path)
    switch (change.kind) {
      case 'write':
        return this.#vfs.write(path, chunksOf(change.text), this.#life)
      case 'mkdir':
        return this.#vfs.makeDirectory(path, this.#life)
      case 'remove':
        return this.#vfs.remove(path, this.#life)
      case 'move':
        return this.#vfs.move(path, at(change.to), true, this.#life)
    }
  }

  async ask(kind: 'list' | 'stat' | 'read', path: string): Promise<Outcome> {
    try {
      if (kind === 'list') return { names: [...(await this.#list(path)).keys()] }
      if (kind === 'read') return { text: await this.#read(path) }
      const node = await this.#vfs.stat(at(path), this.#life)
      return node.kind === 'directory' ? 'directory' : { size: node.size }
    } catch (error) {
      return error as Error
    }
  }

  async everything(): Promise<TreeState> {
    const seen = new Map<string, string | null>()
    const visit = async (path: string): Promise<void> => {
      for (const [name, { kind }] of await this.#list(path)) {
        const child = `${path}/${name}`
        seen.set(child, kind === 'directory' ? null : await this.#read(child))
        if (kind === 'directory') await visit(child)
      }
    }
    await visit('')
    return seen
  }

  async #list(path: string): Promise<ReadonlyMap<string, { readonly kind: 'file' | 'directory' }>> {
    return (await this.#vfs.list(at(path), this.#life)).children
  }

  async #read(path: string): Promise<string> {
    return textOf((await this.#vfs.read(at(path), undefined, this.#life)).body)
  }
}
