import type { BigIntStats } from 'node:fs'

import type { DirectoryLine, FileAttributes } from '../../api/files.ts'
import { BridgeError } from '../../lib/bridge-error.ts'
import { forEachInWindow } from '../../lib/for-each-in-window.ts'
import { attributesFrom, pack, requireAttributes } from './attributes.ts'
import type { Entry } from './containment.ts'
import { directoryNames } from './directory-names.ts'
import { errnoOf } from './errno.ts'
import { lstat } from './fs-calls.ts'
import { removeLeftovers } from './leftovers.ts'
import { parentOf, rootPath, type TreePath } from './path.ts'
import type { Task } from './task.ts'
import { isTemporaryName } from './temporary-files.ts'
import type { Tree } from './tree.ts'

const batchEntries = 256
/** As many as the lane for listings takes. */
const looksInFlight = 18

/** What the kernel's NFS client calls a file that was removed or replaced while this machine has it open. */
const removedWhileOpen = /^\.nfs[0-9a-f]{16,}$/

/**
 * A directory and its children, batch by batch. Left out are our own temporary files, those of the kernel, special files, names that are
 * not UTF-8, what goes away meanwhile, and links that lead nowhere, out of the root or back to a directory that `path` has come through.
 *
 * Refusals come before the first batch. `task` should be in the lane for listings.
 */
export async function* listDirectory(
  tree: Tree,
  path: TreePath,
  task: Task,
): AsyncGenerator<readonly DirectoryLine[], void> {
  const location = await tree.containment.resolve(path, task)
  const directory = requireAttributes(await task.run(() => lstat(location)), path)
  if (directory.kind !== 'directory') throw new BridgeError('not-a-directory', { path })
  using replaced = tree.replacements.watch(location)
  const listing = new DirectoryListing(tree, path, location, task)
  const leftovers: string[] = []
  yield [{ directory }]
  for await (const names of directoryNames(location, batchEntries, task)) {
    leftovers.push(...names.filter(isTemporaryName))
    yield await listing.describe(names.filter((name) => !isHidden(name)))
  }
  yield await listing.describe(await settledNames(tree, location, replaced.names))
  if (leftovers.length > 0) void removeLeftovers(tree, location, leftovers)
  yield [{ end: listing.count }]
}

/** Those that were not to be seen for the moment of their replacement may have been left out. */
async function settledNames(
  tree: Tree,
  dir: string,
  replaced: ReadonlySet<string>,
): Promise<readonly string[]> {
  const names = [...replaced]
  await Promise.all(names.map((name) => tree.replacements.settled(`${dir}/${name}`)))
  return names
}

class DirectoryListing {
  readonly #tree: Tree
  readonly #path: TreePath
  readonly #location: string
  readonly #task: Task
  readonly #listed = new Set<string>()

  constructor(tree: Tree, path: TreePath, location: string, task: Task) {
    this.#tree = tree
    this.#path = path
    this.#location = location
    this.#task = task
  }

  get count(): number {
    return this.#listed.size
  }

  /** Lines for those of `names` that are shown, and were not before. */
  async describe(names: readonly string[]): Promise<readonly DirectoryLine[]> {
    const lines: DirectoryLine[] = []
    await forEachInWindow(names, looksInFlight, async (name) => {
      const attributes = await this.#look(name)
      if (attributes === undefined || this.#listed.has(name)) return
      this.#listed.add(name)
      lines.push([name, ...pack(attributes)])
    })
    return lines
  }

  async #look(name: string): Promise<FileAttributes | undefined> {
    const location = `${this.#location}/${name}`
    const stats = await this.#task.run(() => lstat(location)).catch(undefinedIfGone)
    if (stats?.isSymbolicLink() !== true) return stats && attributesFrom(stats)
    const target = await this.#followLink({ location, stats })
    return target && attributesFrom(target)
  }

  async #followLink(link: Entry): Promise<BigIntStats | undefined> {
    const { containment } = this.#tree
    const target = await containment.follow(link, this.#path, this.#task).catch(undefinedIfClosed)
    if (target?.stats === undefined) return undefined
    if (target.stats.isDirectory() && (await this.#leadsBack(target.location))) return undefined
    return target.stats
  }

  /** A link to a directory on the way to it makes a tree without end: whoever walks or copies it would never be done. */
  async #leadsBack(target: string): Promise<boolean> {
    for (let passed = this.#path; ; passed = parentOf(passed)) {
      if ((await this.#tree.containment.resolve(passed, this.#task)) === target) return true
      if (passed === rootPath) return false
    }
  }
}

function isHidden(name: string): boolean {
  return isTemporaryName(name) || removedWhileOpen.test(name)
}

function undefinedIfGone(error: unknown): undefined {
  if (!['ENOENT', 'ESTALE'].includes(errnoOf(error) ?? '')) throw error
}

/** A link out of the root, or to where we may not look: one such link does not spoil the listing. */
function undefinedIfClosed(error: unknown): undefined {
  const isOutside = error instanceof BridgeError && error.code === 'outside-root'
  if (!isOutside && !['EACCES', 'ENOENT', 'ESTALE', 'ENOTDIR'].includes(errnoOf(error) ?? '')) throw error
}
