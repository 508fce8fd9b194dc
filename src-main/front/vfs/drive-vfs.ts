import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../shared/errors.ts'
import { layerBackend, type ContentOptions, type UploadsOptions } from './backend-layers.ts'
import type { Backend, ByteRange, Call, Chunks, SpaceInfo } from './backend.ts'
import { copyNode } from './copy-node.ts'
import { Bodies } from './finder/bodies.ts'
import { FinderIndex } from './finder/finder-index.ts'
import { isFinderPath, isHidden, isProbe, isVirtualPath } from './finder/finder-names.ts'
import { FinderStore } from './finder/finder-store.ts'
import { Followers } from './followers.ts'
import { moveNode } from './move-node.ts'
import { refuseNesting, refuseReadOnly, refuseRoot, treeClaims, treeOf, type Parts } from './parts.ts'
import { PathClaims } from './path-claims.ts'
import { nameOf, parentOf, rootPath, type VfsPath } from './path.ts'
import type { HealthKind } from './patience/health-state.ts'
import { Health } from './patience/health.ts'
import { removeNode } from './remove-node.ts'
import { Space } from './space.ts'
import { openState } from './state/database.ts'
import { StoredProperties } from './state/dead-properties.ts'
import { BackendTree } from './tree/backend-tree.ts'
import { createMetadataCache } from './tree/metadata-cache.ts'
import { composed } from './tree/name-forms.ts'
import type { UploadQueue } from './uploads/upload-queue.ts'
import { openVirtual, virtualNode, writeVirtual } from './virtual-file.ts'
import type { DeadProperties, Directory, Node, OpenedNode, Placed, Vfs } from './vfs.ts'
import { writeNode } from './write-node.ts'

export interface VfsOptions {
  readonly backend: Backend
  readonly clock: Clock
  /** The front's own folder on the Mac: Finder's files and dead properties live in it. Made where it is missing. */
  readonly stateDir: string
  readonly metadataTtlMs: number
  readonly negativeTtlMs: number
  readonly readOnly: boolean
  /** Takes writes in and delivers them itself; without it they go straight to the backend. Its store is disposed after the vfs. */
  readonly uploads?: UploadsOptions
  /** Keeps what was read; without it every read goes to the backend. */
  readonly content?: ContentOptions
  /** How the backend answers has changed. */
  readonly onHealth?: (kind: HealthKind) => void
  /** The backend has gone silent; `operation` is the method that showed it. Once per stall. */
  readonly onStalled?: (operation: string) => void
  readonly onRecovered?: (afterMs: number) => void
  /** What was kept in `stateDir` could not be read and lies at `brokenPath` now; the drive starts with nothing kept. */
  readonly onStateSetAside?: (brokenPath: string) => void
}

export interface Drive extends Vfs, AsyncDisposable {
  /** Undefined without `VfsOptions.uploads`. */
  readonly uploads: UploadQueue | undefined
  /** The machine has slept, or its network has changed: asks whether the backend answers, and tries what waits for it, at once. */
  wake(): void
  /** Whether there is a backend at all has changed: known from now on, without a call that has to wait for it first. */
  hearPresence(isThere: boolean): void
}

export interface QueuedDrive extends Drive {
  readonly uploads: UploadQueue
}

/**
 * The tree of one drive. Dispose it after the last call: that closes its database and ends what it still asks the backend.
 * @throws AppError `state-dir-unusable`.
 */
export function createVfs(options: VfsOptions & { readonly uploads: UploadsOptions }): QueuedDrive
export function createVfs(options: VfsOptions): Drive
export function createVfs(options: VfsOptions): Drive {
  const { clock, metadataTtlMs, negativeTtlMs } = options
  const { database, bodiesDir } = openState(options.stateDir, clock, options.onStateSetAside)
  const index = new FinderIndex(database)
  const bodies = new Bodies(bodiesDir)
  bodies.sweep(index.fileIds())

  const health = new Health(clock, (signal) => options.backend.statfs({ signal }), options)
  const lifetime = new AbortController()
  const stall = { health, lifetime: lifetime.signal }
  const cache = createMetadataCache({ clock, metadataTtlMs, negativeTtlMs, isHidden })
  const { uploads, content } = options
  const layers = layerBackend({ backend: options.backend, clock, health, cache, uploads, content })
  const finder = new FinderStore(index, bodies, clock)
  const properties = new StoredProperties(database)
  const parts: Parts = {
    tree: new BackendTree(layers.backend, cache, stall),
    finder,
    followers: new Followers(finder, properties),
    properties,
    readOnly: options.readOnly,
  }
  const close = async (): Promise<void> => {
    lifetime.abort()
    await layers[Symbol.asyncDispose]()
    health[Symbol.dispose]()
    if (database.isOpen) database.close()
  }
  const wake = (): void => {
    health.wake()
    layers.uploads?.wake()
  }
  const hearPresence = (isThere: boolean): void => health.hearPresence(isThere)
  return new DriveVfs(
    parts,
    new PathClaims(clock),
    new Space(layers.backend, clock, stall),
    virtualNode(clock.now()),
    layers.uploads,
    { wake, hearPresence, close },
  )
}

interface Merged {
  readonly extras: ReadonlyMap<string, Node>
  readonly directory: Directory
}

/** Sends each path to the side it belongs to, and lets mutations that meet go one after the other. */
class DriveVfs implements Drive {
  readonly uploads: UploadQueue | undefined
  readonly #parts: Parts
  readonly #claims: PathClaims
  readonly #space: Space
  readonly #virtualNode: Node
  readonly #close: () => Promise<void>
  readonly wake: () => void
  readonly hearPresence: (isThere: boolean) => void
  readonly #merged = new WeakMap<Directory, Merged>()

  constructor(
    parts: Parts,
    claims: PathClaims,
    space: Space,
    virtual: Node,
    uploads: UploadQueue | undefined,
    {
      wake,
      hearPresence,
      close,
    }: Pick<Drive, 'wake' | 'hearPresence'> & { readonly close: () => Promise<void> },
  ) {
    this.uploads = uploads
    this.#parts = parts
    this.#claims = claims
    this.#space = space
    this.#virtualNode = virtual
    this.#close = close
    this.wake = wake
    this.hearPresence = hearPresence
  }

  get properties(): DeadProperties {
    return this.#parts.properties
  }

  stat(path: VfsPath, call: Call): Promise<Node> {
    const { tree } = this.#parts
    if (isVirtualPath(path)) return Promise.resolve(this.#virtualNode)
    if (isProbe(parentOf(path), nameOf(path)) && !tree.isKnown(path)) {
      return Promise.reject(new AppError('not-found', { path }))
    }
    return treeOf(this.#parts, path).stat(path, call)
  }

  async list(path: VfsPath, call: Call): Promise<Directory> {
    const { tree, finder } = this.#parts
    if (isFinderPath(path)) return finder.list(path)
    const directory = await tree.list(path, call)
    const extras = finder.childrenOf(path)
    return extras.size === 0 ? directory : this.#merge(directory, extras)
  }

  async read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedNode> {
    return isVirtualPath(path)
      ? openVirtual(this.#virtualNode)
      : treeOf(this.#parts, path).read(path, range, call)
  }

  async write(path: VfsPath, body: Chunks, call: Call): Promise<Placed> {
    if (isVirtualPath(path)) {
      await writeVirtual(path, body)
      return { node: this.#virtualNode, created: false }
    }
    if (path === rootPath) throw new AppError('is-a-directory', { path })
    refuseReadOnly(this.#parts, path)
    const writer = { parts: this.#parts, claims: this.#claims, uploads: this.uploads }
    return await writeNode(writer, path, body, call)
  }

  async makeDirectory(path: VfsPath, call: Call): Promise<Node> {
    if (path === rootPath || isVirtualPath(path)) throw new AppError('already-exists', { path })
    refuseReadOnly(this.#parts, path)
    using _claim = await this.#claims.take([{ path: composed(path), scope: 'node' }], call.signal)
    const { tree, finder, properties } = this.#parts
    if (!isFinderPath(path)) {
      const node = await tree.makeDirectory(path, call)
      properties.remove(path)
      return node
    }
    const node = await finder.makeDirectory(path)
    tree.touch(parentOf(path))
    return node
  }

  async move(from: VfsPath, to: VfsPath, overwrite: boolean, call: Call): Promise<Placed> {
    refuseRoot(from)
    refuseRoot(to)
    refuseReadOnly(this.#parts, from, to)
    refuseNesting(from, to)
    using _claim = await this.#claims.take([...treeClaims(from), ...treeClaims(to)], call.signal)
    return await moveNode(this.#parts, from, to, overwrite, call)
  }

  async copy(
    from: VfsPath,
    to: VfsPath,
    options: { overwrite: boolean; depth: 0 | 'infinity' },
    call: Call,
  ): Promise<Placed> {
    refuseRoot(to)
    refuseReadOnly(this.#parts, to)
    refuseNesting(from, to)
    using _claim = await this.#claims.take(treeClaims(to), call.signal)
    return await copyNode(this.#parts, from, to, options, call)
  }

  async remove(path: VfsPath, call: Call): Promise<void> {
    refuseRoot(path)
    refuseReadOnly(this.#parts, path)
    using _claim = await this.#claims.take(treeClaims(path), call.signal)
    await removeNode(this.#parts, path, call)
  }

  statfs(call: Call): Promise<SpaceInfo> {
    return this.#space.get(call)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close()
  }

  #merge(directory: Directory, extras: ReadonlyMap<string, Node>): Directory {
    const known = this.#merged.get(directory)
    if (known?.extras === extras) return known.directory
    const merged = { node: directory.node, children: new Map([...directory.children, ...extras]) }
    this.#merged.set(directory, { extras, directory: merged })
    return merged
  }
}
