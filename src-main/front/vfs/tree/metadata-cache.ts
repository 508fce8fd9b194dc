import type { Clock } from '../../../lib/clock.ts'
import type { VfsPath } from '../path.ts'
import { KnownTree, type KnowledgeTimes } from './known-tree.ts'
import { Looks } from './looks.ts'
import { OwnChanges } from './own-changes.ts'
import { TreeMemory } from './tree-memory.ts'

export interface MetadataCacheOptions extends KnowledgeTimes {
  readonly clock: Clock
  /** What listings show nothing of. */
  readonly isHidden: (directory: VfsPath, name: string) => boolean
  /** How many children, over all directories, are kept. */
  readonly maxEntries?: number
}

/**
 * What is known of the backend's tree, and how fresh it is. Makes no calls itself: answers come in as `looks`, our own `changes` are
 * told when they are done. All paths are as the backend spells them.
 */
export interface MetadataCache {
  readonly known: KnownTree
  readonly looks: Looks
  readonly changes: OwnChanges
  /** The children of `directory` changed in a way that the backend does not know of. */
  touched(directory: VfsPath): void
}

const defaultMaxEntries = 100_000

export function createMetadataCache(options: MetadataCacheOptions): MetadataCache {
  const { clock, isHidden, maxEntries = defaultMaxEntries } = options
  const memory = new TreeMemory(clock, maxEntries)
  return {
    known: new KnownTree(memory, clock, options),
    looks: new Looks(memory, clock, isHidden),
    changes: new OwnChanges(memory, clock),
    touched: (directory) => memory.touched(directory),
  }
}
