import type { VolumeNode } from '../caches/node-tree.ts'

/** After a change of this client's own: negative names go, attributes are asked for again. */
export function changedDirectory(directory: VolumeNode): void {
  directory.negatives.forget()
  directory.forgetAttributes()
}
