import { AppError } from '../../shared/errors.ts'
import type { FinderStore } from './finder/finder-store.ts'
import { isFinderPath, isVirtualPath } from './finder/finder-names.ts'
import type { Followers } from './followers.ts'
import { companionPath } from './followers.ts'
import type { FileTree } from './copy-tree.ts'
import { isWithin, rootPath, type VfsPath } from './path.ts'
import type { Claim } from './path-claims.ts'
import type { StoredProperties } from './state/dead-properties.ts'
import type { BackendTree } from './tree/backend-tree.ts'
import { composed } from './tree/name-forms.ts'

/** What the mutations of a drive work on. */
export interface Parts {
  readonly tree: BackendTree
  readonly finder: FinderStore
  readonly followers: Followers
  readonly properties: StoredProperties
  readonly readOnly: boolean
}

/** The side that `path` belongs to. */
export function treeOf(parts: Parts, path: VfsPath): FileTree {
  return isFinderPath(path) ? parts.finder : parts.tree
}

/** Refuses what no client may do to whole trees: moving or removing the root, or a tree into or over itself. */
export function refuseRoot(path: VfsPath): void {
  if (path === rootPath || isVirtualPath(path)) throw new AppError('permission-denied', { path })
}

export function refuseNesting(from: VfsPath, to: VfsPath): void {
  const [source, target] = [composed(from), composed(to)]
  if (source !== target && (isWithin(source, target) || isWithin(target, source))) {
    throw new AppError('permission-denied', { path: to })
  }
}

/** On a read-only drive only Finder's own files may change: they are not the drive's. */
export function refuseReadOnly(parts: Parts, ...paths: readonly VfsPath[]): void {
  const path = parts.readOnly ? paths.find((changed) => !isFinderPath(changed)) : undefined
  if (path !== undefined) throw new AppError('read-only', { path })
}

/** `path` with all that is below it and what follows it. */
export function treeClaims(path: VfsPath): readonly Claim[] {
  const companion = companionPath(path)
  const tree: Claim = { path: composed(path), scope: 'tree' }
  return companion === undefined ? [tree] : [tree, { path: composed(companion), scope: 'node' }]
}
