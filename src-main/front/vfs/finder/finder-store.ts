import { LRUCache } from 'lru-cache'

import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ByteRange, Call, Chunks } from '../backend.ts'
import { nameOf, parentOf, rebase, type VfsPath } from '../path.ts'
import { composed } from '../tree/name-forms.ts'
import type { Directory, Node, OpenedNode } from '../vfs.ts'
import type { Bodies } from './bodies.ts'
import type { FinderIndex } from './finder-index.ts'
import { type FinderEntry } from './finder-index.ts'
import { isFinderPath } from './finder-names.ts'

const nothing: ReadonlyMap<string, Node> = new Map()

/** A body that is kept for a file that is still to be placed. */
export interface ReceivedBody extends AsyncDisposable {
  readonly fileId: number
  readonly size: number
}

/**
 * Finder's own files, on the Mac: found by the composed form of their path, so none of this ever asks the backend. Whether
 * the directory that holds one exists there is not verified; inside Finder's own directories it must have been made.
 * One mutation at a time per path: the caller sees to it.
 */
export class FinderStore {
  readonly #index: FinderIndex
  readonly #bodies: Bodies
  readonly #clock: Clock
  /** Maps and objects are kept, so that a directory is the same object for as long as nothing in it changed. */
  readonly #children = new LRUCache<VfsPath, ReadonlyMap<string, Node>>({ max: 2_000 })
  readonly #directories = new LRUCache<VfsPath, Directory>({ max: 500 })
  /** Stamps of what was removed: a successor's must be later. */
  readonly #pastSec = new LRUCache<VfsPath, number>({ max: 50_000 })
  /** Numbers of bodies that are here and not placed so far. */
  readonly #received = new Set<number>()
  #lastFileId: number

  constructor(index: FinderIndex, bodies: Bodies, clock: Clock) {
    this.#index = index
    this.#bodies = bodies
    this.#clock = clock
    this.#lastFileId = index.lastFileId()
  }

  find(path: VfsPath): Node | undefined {
    const key = composed(path)
    return this.childrenOf(parentOf(key)).get(nameOf(key))
  }

  /** The Finder files directly in `directory`; the same map for as long as they do not change. */
  childrenOf(directory: VfsPath): ReadonlyMap<string, Node> {
    const key = composed(directory)
    let children = this.#children.get(key)
    if (children === undefined) {
      const found = this.#index.children(key)
      children = found.size === 0 ? nothing : found
      this.#children.set(key, children)
    }
    return children
  }

  stat(path: VfsPath): Promise<Node> {
    const node = this.find(path)
    return node === undefined ? Promise.reject(new AppError('not-found', { path })) : Promise.resolve(node)
  }

  async list(path: VfsPath): Promise<Directory> {
    const node = await this.stat(path)
    if (node.kind === 'file') throw new AppError('not-a-directory', { path })
    const children = this.childrenOf(path)
    const known = this.#directories.get(path)
    if (known?.node === node && known.children === children) return known
    const directory = { node, children }
    this.#directories.set(path, directory)
    return directory
  }

  async read(path: VfsPath, range: ByteRange | undefined): Promise<OpenedNode> {
    const node = await this.stat(path)
    if (node.kind === 'directory') throw new AppError('is-a-directory', { path })
    const opened = await this.#bodies.open(node.fileId, node.size, range)
    if (opened !== undefined) return { node, ...opened }
    // The entry outlived its body: nothing of it can be had any more, and a fresh start is what macOS makes of that.
    if (this.find(path)?.fileId === node.fileId) await this.remove(path)
    throw new AppError('not-found', { path })
  }

  async write(path: VfsPath, body: Chunks, call: Call): Promise<Node> {
    await using received = await this.receive(path, body, call)
    return await this.place(path, received)
  }

  /** Takes in a body for a file at `path`, which nobody sees before it is placed. Disposed of without that, it goes. */
  async receive(path: VfsPath, body: Chunks, call: Call): Promise<ReceivedBody> {
    this.#findReplaceable(path)
    const fileId = this.#nextFileId()
    const size = await this.#bodies.write(fileId, body, call)
    this.#received.add(fileId)
    const drop = async (): Promise<void> => {
      if (this.#received.delete(fileId)) await this.#bodies.discard([fileId])
    }
    return { fileId, size, [Symbol.asyncDispose]: drop }
  }

  async place(path: VfsPath, { fileId, size }: ReceivedBody): Promise<Node> {
    const key = composed(path)
    const before = this.#findReplaceable(path)
    const node = this.#newNode(key, 'file', size, fileId)
    this.#commit([parentOf(key)], () => {
      this.#index.put({ path: key, node })
    })
    this.#received.delete(fileId)
    if (before !== undefined) await this.#bodies.discard([before.fileId])
    return node
  }

  async makeDirectory(path: VfsPath): Promise<Node> {
    const key = composed(path)
    this.#requireParent(key)
    if (this.find(key) !== undefined) throw new AppError('already-exists', { path })
    const node = this.#newNode(key, 'directory', 0, this.#nextFileId())
    this.#commit([parentOf(key)], () => {
      this.#index.put({ path: key, node })
    })
    return Promise.resolve(node)
  }

  /** Renames, replacing what is at `to`, within the store. */
  async move(from: VfsPath, to: VfsPath): Promise<Node> {
    const [source, target] = [composed(from), composed(to)]
    const node = await this.stat(source)
    this.#requireParent(target)
    if (source === target) return node
    const replaced = this.#treeAt(target)
    this.#commit('anywhere', () => {
      this.#index.delete(replaced)
      this.#rebase(this.#treeAt(source), replaced, source, target)
      this.#touch(parentOf(source))
      this.#touch(parentOf(target))
    })
    await this.#bodies.discard(replaced.map((entry) => entry.node.fileId))
    return this.stat(target)
  }

  async remove(path: VfsPath): Promise<void> {
    const key = composed(path)
    await this.stat(key)
    await this.#drop(this.#treeAt(key), parentOf(key))
  }

  /** What Finder keeps below `from` goes where `from` went, or dies when it was there before. */
  async moveOwned(from: VfsPath, to: VfsPath): Promise<void> {
    const [source, target] = [composed(from), composed(to)]
    if (source === target) return
    const owned = this.#index.ownedBy(source)
    const replaced = this.#index.ownedBy(target)
    if (owned.length + replaced.length === 0) return
    this.#commit('anywhere', () => {
      this.#index.delete(replaced)
      this.#rebase(owned, replaced, source, target)
    })
    await this.#bodies.discard(replaced.map((entry) => entry.node.fileId))
  }

  async copyOwned(from: VfsPath, to: VfsPath): Promise<void> {
    const [source, target] = [composed(from), composed(to)]
    for (const { path, node } of this.#index.ownedBy(source)) {
      await this.copyEntry(node, `${target}${path.slice(source.length)}` as VfsPath)
    }
  }

  async copyEntry(node: Node, to: VfsPath): Promise<void> {
    const target = composed(to)
    const replaced = this.find(target)
    const fileId = this.#nextFileId()
    if (node.size > 0) await this.#bodies.copy(node.fileId, fileId)
    this.#commit([parentOf(target)], () => {
      this.#index.put({ path: target, node: this.#newNode(target, node.kind, node.size, fileId) })
    })
    if (replaced !== undefined) await this.#bodies.discard([replaced.fileId])
  }

  async removeOwned(path: VfsPath): Promise<void> {
    const owned = this.#index.ownedBy(composed(path))
    if (owned.length > 0) await this.#drop(owned, undefined)
  }

  /** @throws AppError `parent-missing`, `is-a-directory`. */
  #findReplaceable(path: VfsPath): Node | undefined {
    const key = composed(path)
    this.#requireParent(key)
    const before = this.find(key)
    if (before?.kind === 'directory') throw new AppError('is-a-directory', { path })
    return before
  }

  /** Each entry keeps its stamp, unless something at its new path has carried that or a later one. */
  #rebase(moved: readonly FinderEntry[], replaced: readonly FinderEntry[], from: VfsPath, to: VfsPath): void {
    for (const { path, node } of replaced) this.#pastSec.set(path, node.lastModifiedSec)
    this.#index.delete(moved)
    for (const { path, node } of moved) {
      const target = rebase(path, from, to)
      const lastModifiedSec = Math.max(node.lastModifiedSec, (this.#pastSec.get(target) ?? 0) + 1)
      this.#index.put({ path: target, node: { ...node, lastModifiedSec } })
    }
    for (const { path, node } of moved) this.#pastSec.set(path, node.lastModifiedSec)
  }

  async #drop(entries: readonly FinderEntry[], touched: VfsPath | undefined): Promise<void> {
    this.#commit('anywhere', () => {
      this.#index.delete(entries)
      if (touched !== undefined) this.#touch(touched)
    })
    for (const { path, node } of entries) this.#pastSec.set(path, node.lastModifiedSec)
    await this.#bodies.discard(entries.map((entry) => entry.node.fileId))
  }

  /** Where `directories` are named, only their children and stamps change. */
  #commit(directories: readonly VfsPath[] | 'anywhere', work: () => void): void {
    this.#index.inTransaction(() => {
      work()
      if (directories !== 'anywhere') for (const directory of directories) this.#touch(directory)
    })
    if (directories === 'anywhere') this.#children.clear()
    else for (const directory of directories) this.#forget(directory)
  }

  #forget(directory: VfsPath): void {
    this.#children.delete(directory)
    this.#children.delete(parentOf(directory))
  }

  /** The stamp of one of Finder's directories moves when something in it does. */
  #touch(directory: VfsPath): void {
    const node = this.#index.get(directory)
    if (node?.kind !== 'directory') return
    const lastModifiedSec = Math.max(wholeSeconds(this.#clock), node.lastModifiedSec + 1)
    this.#index.put({ path: directory, node: { ...node, modifiedMs: this.#clock.now(), lastModifiedSec } })
  }

  #treeAt(path: VfsPath): readonly FinderEntry[] {
    const node = this.#index.get(path)
    return node === undefined ? [] : [{ path, node }, ...this.#index.below(path)]
  }

  #newNode(path: VfsPath, kind: Node['kind'], size: number, fileId: number): Node {
    const nowMs = this.#clock.now()
    const createdMs = this.find(path)?.createdMs ?? nowMs
    return {
      kind,
      size,
      modifiedMs: nowMs,
      createdMs,
      fileId,
      lastModifiedSec: Math.max(wholeSeconds(this.#clock), this.#secAfter(path)),
    }
  }

  /** The first stamp that nothing at `path` has carried so far. */
  #secAfter(path: VfsPath): number {
    return Math.max(this.find(path)?.lastModifiedSec ?? 0, this.#pastSec.get(path) ?? 0) + 1
  }

  #requireParent(path: VfsPath): void {
    const parent = parentOf(path)
    if (isFinderPath(parent) && this.find(parent)?.kind !== 'directory')
      throw new AppError('parent-missing', { path })
  }

  #nextFileId(): number {
    this.#lastFileId += 1
    return this.#lastFileId
  }
}

function wholeSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1_000)
}
