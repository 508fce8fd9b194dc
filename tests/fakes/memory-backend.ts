import type {
  Attributes,
  Backend,
  ByteRange,
  Call,
  Chunks,
  Listing,
  OpenedFile,
  SpaceInfo,
} from '../../src-main/front/vfs/backend.ts'
import {
  joinPath,
  nameOf,
  namesOf,
  parentOf,
  parsePath,
  rootPath,
  type VfsPath,
} from '../../src-main/front/vfs/path.ts'
import type { Clock } from '../../src-main/lib/clock.ts'
import { AppError, type ErrorCode } from '../../src-main/shared/errors.ts'

export type BackendMethod = keyof Backend

/** What happens to one coming call besides its ordinary work. */
export interface Script {
  /** Waited for before the work is done: until then the call has changed and seen nothing. */
  readonly before?: Promise<unknown>
  /** Waited for between the work and its answer, a refusal too: what was seen grows old on the way. */
  readonly after?: Promise<unknown>
  /** The answer, instead of any work. */
  readonly error?: ErrorCode
}

interface MemoryFile {
  readonly kind: 'file'
  attributes: Attributes
  content: Buffer
}

interface MemoryDirectory {
  readonly kind: 'directory'
  attributes: Attributes
  readonly children: Map<string, MemoryFile | MemoryDirectory>
}

type MemoryNode = MemoryFile | MemoryDirectory

/**
 * A `Backend` in memory that counts its calls and does what it is told to. The methods below the `Backend` ones act
 * behind the back of whoever uses it as a backend: they are the other people who work on the same bucket.
 */
export class MemoryBackend implements Backend {
  readonly calls: Record<BackendMethod, number> = noCalls()
  /** Every call in its order, as `list /a` or `move /a /b`. */
  readonly log: string[] = []
  readonly #clock: Clock
  readonly #scripts = new Map<BackendMethod, Script[]>()
  #everyCall: Script | undefined
  #lastFileId = 1
  readonly #root: MemoryDirectory

  constructor(clock: Clock) {
    this.#clock = clock
    this.#root = this.#newDirectory()
  }

  get totalCalls(): number {
    return Object.values(this.calls).reduce((sum, count) => sum + count, 0)
  }

  resetCalls(): void {
    Object.assign(this.calls, noCalls())
    this.log.length = 0
  }

  /** The next calls of `method` follow `scripts`, one each and in order. */
  script(method: BackendMethod, ...scripts: readonly Script[]): void {
    this.#scripts.set(method, [...(this.#scripts.get(method) ?? []), ...scripts])
  }

  /** Every call without a script of its own follows this one; `undefined` ends it. */
  scriptEveryCall(script: Script | undefined): void {
    this.#everyCall = script
  }

  list(path: VfsPath, call: Call): Promise<Listing> {
    return this.#answer('list', [path], call, () => {
      const directory = this.#directoryAt(path)
      const entries = new Map<string, Attributes>()
      for (const [name, node] of directory.children) entries.set(name, node.attributes)
      return { directory: directory.attributes, entries }
    })
  }

  stat(path: VfsPath, call: Call): Promise<Attributes> {
    return this.#answer('stat', [path], call, () => this.#nodeAt(path).attributes)
  }

  read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedFile> {
    return this.#answer('read', [path], call, () => {
      const node = this.#nodeAt(path)
      if (node.kind === 'directory') throw new AppError('is-a-directory', { path })
      const bytes = range === undefined ? node.content : node.content.subarray(range.start, range.end + 1)
      return {
        attributes: node.attributes,
        length: bytes.length,
        body: chunksOf(bytes),
        close: () => Promise.resolve(),
      }
    })
  }

  async write(path: VfsPath, body: Chunks, call: Call): Promise<Attributes> {
    const parts: Buffer[] = []
    return this.#answer('write', [path], call, async () => {
      if (this.#find(path)?.kind === 'directory') throw new AppError('is-a-directory', { path })
      this.#parentFor(path)
      for await (const chunk of body) {
        refuseCancelled(call)
        parts.push(Buffer.from(chunk))
      }
      return this.#place(path, Buffer.concat(parts))
    })
  }

  makeDirectory(path: VfsPath, call: Call): Promise<Attributes> {
    return this.#answer('makeDirectory', [path], call, () => {
      if (this.#find(path) !== undefined) throw new AppError('already-exists', { path })
      const directory = this.#newDirectory()
      this.#set(path, directory)
      return directory.attributes
    })
  }

  move(from: VfsPath, to: VfsPath, call: Call): Promise<Attributes> {
    return this.#answer('move', [from, to], call, () => {
      const node = this.#nodeAt(from)
      if (from === to) return node.attributes
      if (this.#find(to)?.kind === 'directory') throw new AppError('already-exists', { path: to })
      if (node.kind === 'directory' && this.#find(to) !== undefined)
        throw new AppError('not-a-directory', { path: to })
      this.#parentFor(to)
      this.#unset(from)
      this.#set(to, node)
      return node.attributes
    })
  }

  remove(path: VfsPath, call: Call): Promise<void> {
    return this.#answer('remove', [path], call, () => {
      this.#nodeAt(path)
      this.#unset(path)
    })
  }

  statfs(call: Call): Promise<SpaceInfo> {
    return this.#answer('statfs', [], call, () => ({ totalBytes: 1e12, freeBytes: 5e11 }))
  }

  /** Writes a file, making the directories above it. `modifiedMs` defaults to now. */
  put(path: string, text: string, modifiedMs = this.#clock.now()): void {
    const target = parsePath(path)
    this.mkdir(parentOf(target))
    this.#place(target, Buffer.from(text), modifiedMs)
  }

  mkdir(path: string): void {
    let directory = rootPath
    for (const name of namesOf(parsePath(path))) {
      directory = joinPath(directory, name)
      if (this.#find(directory) === undefined) this.#set(directory, this.#newDirectory())
    }
  }

  delete(path: string): void {
    this.#unset(parsePath(path))
  }

  /** Another backend with what is in this one now. */
  fork(): MemoryBackend {
    const other = new MemoryBackend(this.#clock)
    const copy = (from: MemoryDirectory, to: MemoryDirectory): void => {
      to.attributes = from.attributes
      for (const [name, node] of from.children) {
        if (node.kind === 'file') to.children.set(name, { ...node })
        else {
          const directory = { ...node, children: new Map() }
          to.children.set(name, directory)
          copy(node, directory)
        }
      }
    }
    copy(this.#root, other.#root)
    other.#lastFileId = this.#lastFileId
    return other
  }

  /** All files and directories by path: a file's text, or `null` for a directory. */
  snapshot(): Record<string, string | null> {
    const found: Record<string, string | null> = {}
    const visit = (path: VfsPath, directory: MemoryDirectory): void => {
      for (const [name, node] of directory.children) {
        const child = joinPath(path, name)
        found[child] = node.kind === 'file' ? node.content.toString() : null
        if (node.kind === 'directory') visit(child, node)
      }
    }
    visit(rootPath, this.#root)
    return found
  }

  async #answer<T>(
    method: BackendMethod,
    paths: readonly VfsPath[],
    call: Call,
    work: () => T | Promise<T>,
  ): Promise<T> {
    this.calls[method] += 1
    this.log.push([method, ...paths].join(' '))
    const script = this.#scripts.get(method)?.shift() ?? this.#everyCall
    refuseCancelled(call)
    if (script?.before !== undefined) await orCancelled(script.before, call)
    if (script?.error !== undefined) throw new AppError(script.error, { path: paths[0] ?? '' })
    if (script?.after === undefined) return work()
    const [outcome] = await Promise.allSettled([(async () => work())()])
    await orCancelled(script.after, call)
    if (outcome.status === 'rejected') throw outcome.reason as Error
    return outcome.value
  }

  #place(path: VfsPath, content: Buffer, modifiedMs = this.#clock.now()): Attributes {
    const createdMs = this.#find(path)?.attributes.createdMs ?? modifiedMs
    const attributes = {
      kind: 'file',
      size: content.length,
      modifiedMs,
      createdMs,
      fileId: this.#nextFileId(),
    } as const
    this.#set(path, { kind: 'file', attributes, content })
    return attributes
  }

  #newDirectory(): MemoryDirectory {
    const nowMs = this.#clock.now()
    const attributes = {
      kind: 'directory',
      size: 0,
      modifiedMs: nowMs,
      createdMs: nowMs,
      fileId: this.#nextFileId(),
    } as const
    return { kind: 'directory', attributes, children: new Map() }
  }

  #nextFileId(): number {
    return ++this.#lastFileId
  }

  #set(path: VfsPath, node: MemoryNode): void {
    const parent = this.#parentFor(path)
    parent.children.set(nameOf(path), node)
    this.#touch(parent)
  }

  #unset(path: VfsPath): void {
    const parent = this.#parentFor(path)
    parent.children.delete(nameOf(path))
    this.#touch(parent)
  }

  #touch(directory: MemoryDirectory): void {
    directory.attributes = { ...directory.attributes, modifiedMs: this.#clock.now() }
  }

  #find(path: VfsPath): MemoryNode | undefined {
    let node: MemoryNode | undefined = this.#root
    for (const name of namesOf(path)) node = node?.kind === 'directory' ? node.children.get(name) : undefined
    return node
  }

  #nodeAt(path: VfsPath): MemoryNode {
    const node = this.#find(path)
    if (node === undefined) throw new AppError('not-found', { path })
    return node
  }

  #directoryAt(path: VfsPath): MemoryDirectory {
    const node = this.#nodeAt(path)
    if (node.kind === 'file') throw new AppError('not-a-directory', { path })
    return node
  }

  #parentFor(path: VfsPath): MemoryDirectory {
    const parent = this.#find(parentOf(path))
    if (parent?.kind !== 'directory') throw new AppError('parent-missing', { path })
    return parent
  }
}

/** `bytes` in chunks of a size that makes small files one chunk and larger ones several. */
export async function* chunksOf(
  bytes: Uint8Array | string,
  chunkBytes = 64 * 1024,
): AsyncGenerator<Uint8Array> {
  const whole = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  for (let start = 0; start < whole.length; start += chunkBytes) {
    await Promise.resolve()
    yield whole.subarray(start, start + chunkBytes)
  }
}

export async function textOf(body: Chunks): Promise<string> {
  const parts: Buffer[] = []
  for await (const chunk of body) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts).toString()
}

function noCalls(): Record<BackendMethod, number> {
  return { list: 0, stat: 0, read: 0, write: 0, makeDirectory: 0, move: 0, remove: 0, statfs: 0 }
}

function refuseCancelled(call: Call): void {
  if (call.signal.aborted) throw new AppError('cancelled')
}

async function orCancelled(wait: Promise<unknown>, call: Call): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      reject(new AppError('cancelled'))
    }
    call.signal.addEventListener('abort', onAbort, { once: true })
    wait.then(() => {
      call.signal.removeEventListener('abort', onAbort)
      resolve()
    }, reject)
  })
}
