import type { Stats } from 'node:fs'

import { AppError } from '../../../shared/errors.ts'
import { nameOf, parentOf, type VfsPath } from '../../vfs/path.ts'
import { errnoOf, isMissing, type Intent } from '../../files/errno.ts'
import { lstat, realpath } from '../../files/fs-calls.ts'
import { isTemporaryName } from './temporary-name.ts'

/** A name in a real directory of the root, and what is there. */
export interface Entry {
  /** Absolute; no component but the last is a link. */
  readonly location: string
  /** Of the entry itself, links not followed; undefined where nothing has this name. */
  readonly stats: Stats | undefined
}

/**
 * The gate between paths of the drive and files on the disk: what it lets through lies below the root after every link
 * is followed. A link that leads out is refused with `outside-root`; one that leads nowhere is as good as absent.
 *
 * Node has no `openat`, so between the check and the use somebody could put a link where a directory was. It takes a
 * process of this machine with write access to the folder; no request to a front can make a link. Such a process has
 * the rights that the swap would borrow, unless the front runs as root over a folder of others. The window is kept
 * short instead: what changes the tree uses the path as it was resolved, in the very next call.
 */
export class Containment {
  /** Without a trailing slash, so empty where the root is `/`. */
  readonly #prefix: string

  /** @param rootDir absolute, every link followed. */
  constructor(rootDir: string) {
    this.#prefix = rootDir === '/' ? '' : rootDir
  }

  /**
   * Where `path` lies by its text alone: nothing is checked but that the name is not one of our own temporary files.
   * Only for calls that change nothing and whose result is dropped when `resolve` then refuses.
   */
  locate(path: VfsPath, intent: Intent): string {
    if (isTemporaryName(nameOf(path))) {
      throw new AppError(intent === 'use' ? 'not-found' : 'name-invalid', { path, name: nameOf(path) })
    }
    return path === '/' ? this.#prefix || '/' : this.#prefix + path
  }

  /** The real location of `path`, its last component followed too. @throws `outside-root`, or an errno error. */
  async resolve(path: VfsPath): Promise<string> {
    const location = this.locate(path, 'use')
    if (path === '/') return location
    try {
      return this.#requireInside(await realpath(location), path)
    } catch (error) {
      // Below a link that leads out, what is missing is refused like what is there: nobody may probe the outside.
      if (errnoOf(error) !== undefined) await this.resolve(parentOf(path))
      throw error
    }
  }

  /** What is at `path`, where its directory exists. @throws `outside-root`, or an errno error when there is no such directory. */
  async find(path: VfsPath, intent: Intent): Promise<Entry> {
    const textual = this.locate(path, intent)
    const looking = statsIfAny(textual)
    // The answer to where the directory really is comes first: nothing about what lies outside gets out.
    looking.catch(() => undefined)
    const parent = await this.resolve(parentOf(path))
    const stats = await looking
    if (path === '/') return { location: textual, stats }
    return { location: `${parent === '/' ? '' : parent}/${nameOf(path)}`, stats }
  }

  /** As `find`, for what must be there. @throws `not-found` too. */
  async findExisting(path: VfsPath): Promise<Entry & { readonly stats: Stats }> {
    const { location, stats } = await this.find(path, 'use')
    if (stats === undefined) throw new AppError('not-found', { path })
    return { location, stats }
  }

  /**
   * The file or directory a link at `location` leads to, or `entry` itself when it is no link.
   * `stats` is undefined when the link leads nowhere. @throws `outside-root`.
   */
  async follow(entry: Entry, path: VfsPath): Promise<Entry> {
    if (entry.stats?.isSymbolicLink() !== true) return entry
    const location = await realpath(entry.location).catch(undefinedIfNowhere)
    if (location === undefined) return { location: entry.location, stats: undefined }
    this.#requireInside(location, path)
    return { location, stats: await statsIfAny(location) }
  }

  #requireInside(location: string, path: VfsPath): string {
    const isInside = location === this.#prefix || location.startsWith(`${this.#prefix}/`)
    if (!isInside) throw new AppError('outside-root', { path })
    return location
  }
}

/** `lstat`, or undefined when the directory does not have that name. */
async function statsIfAny(location: string): Promise<Stats | undefined> {
  try {
    return await lstat(location)
  } catch (error) {
    // ENOTDIR is not the same: there is no directory that could have the name.
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** A link to nothing, and one of a circle. */
function undefinedIfNowhere(error: unknown): undefined {
  if (!isMissing(error) && errnoOf(error) !== 'ELOOP') throw error
}
