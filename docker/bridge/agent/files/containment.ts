import type { BigIntStats } from 'node:fs'

import { BridgeError } from '../../lib/bridge-error.ts'
import { errnoOf, isMissing, type Intent } from './errno.ts'
import { lstat, realpath } from './fs-calls.ts'
import { nameOf, parentOf, rootPath, type TreePath } from './path.ts'
import type { Task } from './task.ts'
import { isTemporaryName } from './temporary-files.ts'

/** A name in a real directory of the root, and what is there. */
export interface Entry {
  /** Absolute; no component but the last is a link. */
  readonly location: string
  /** Of the entry itself, links not followed; undefined where nothing has this name. */
  readonly stats: BigIntStats | undefined
}

export interface PresentEntry extends Entry {
  readonly stats: BigIntStats
}

/**
 * The gate between paths of requests and files: what it lets through lies below the root after every link is followed. A link that
 * leads out is refused with `outside-root`; one that leads nowhere is as good as absent.
 *
 * Node has no `openat`: whoever writes to the file system elsewhere could put a link where a directory was, between check and use. What that
 * could reach is this container, in which there is nothing to be had.
 */
export class Containment {
  readonly rootDir: string

  /** @param rootDir absolute, every link followed, not `/`. */
  constructor(rootDir: string) {
    this.rootDir = rootDir
  }

  /** Where `path` lies by its text alone; only our own temporary files are refused. */
  locate(path: TreePath, intent: Intent): string {
    if (isTemporaryName(nameOf(path))) {
      throw new BridgeError(intent === 'use' ? 'not-found' : 'permission-denied', { path })
    }
    return path === rootPath ? this.rootDir : `${this.rootDir}/${path}`
  }

  /** The real location of `path`, its last component followed too. @throws `outside-root`, or an errno error. */
  async resolve(path: TreePath, task: Task): Promise<string> {
    const location = this.locate(path, 'use')
    if (path === rootPath) return location
    try {
      return this.#requireInside(await task.run(() => realpath(location)), path)
    } catch (error) {
      // Below a link that leads out, what is missing is refused like what is there: nobody may probe the outside.
      if (errnoOf(error) !== undefined) await this.resolve(parentOf(path), task)
      throw error
    }
  }

  /** What is at `path`, where its directory exists. @throws `outside-root`, or an errno error when there is no such directory. */
  async find(path: TreePath, intent: Intent, task: Task): Promise<Entry> {
    const textual = this.locate(path, intent)
    if (path === rootPath) return { location: textual, stats: await task.run(() => lstat(textual)) }
    const location = `${await this.resolve(parentOf(path), task)}/${nameOf(path)}`
    return { location, stats: await this.lookAt(location, task) }
  }

  /** As `find`, for what must be there. @throws `not-found` too. */
  async findExisting(path: TreePath, task: Task): Promise<PresentEntry> {
    const { location, stats } = await this.find(path, 'use', task)
    if (stats === undefined) throw new BridgeError('not-found', { path })
    return { location, stats }
  }

  /**
   * The file or directory a link at `entry` leads to, or `entry` itself when it is no link.
   * `stats` is undefined when the link leads nowhere. @throws `outside-root`.
   */
  async follow(entry: Entry, path: TreePath, task: Task): Promise<Entry> {
    if (entry.stats?.isSymbolicLink() !== true) return entry
    const location = await task.run(() => realpath(entry.location)).catch(undefinedIfNowhere)
    if (location === undefined) return { location: entry.location, stats: undefined }
    this.#requireInside(location, path)
    return { location, stats: await this.lookAt(location, task) }
  }

  /** As `follow`, from `path`. @throws `not-found` where it leads nowhere, too. */
  async findTarget(path: TreePath, task: Task): Promise<PresentEntry> {
    const { location, stats } = await this.follow(await this.findExisting(path, task), path, task)
    if (stats === undefined) throw new BridgeError('not-found', { path })
    return { location, stats }
  }

  /** `lstat`, or undefined when the directory does not have that name. */
  async lookAt(location: string, task: Task): Promise<BigIntStats | undefined> {
    try {
      return await task.run(() => lstat(location))
    } catch (error) {
      // ENOTDIR is not the same: there is no directory that could have the name.
      if (errnoOf(error) === 'ENOENT') return undefined
      throw error
    }
  }

  #requireInside(location: string, path: TreePath): string {
    const isInside = location === this.rootDir || location.startsWith(`${this.rootDir}/`)
    if (!isInside) throw new BridgeError('outside-root', { path })
    return location
  }
}

/** A link to nothing, and one of a circle. */
function undefinedIfNowhere(error: unknown): undefined {
  if (!isMissing(error) && errnoOf(error) !== 'ELOOP') throw error
}
