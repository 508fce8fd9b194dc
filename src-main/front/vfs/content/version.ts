import type { Attributes } from '../backend.ts'

/** Whether both describe the same content: nothing that can change it leaves all three as they were. */
export function isSameVersion(one: Attributes, other: Attributes): boolean {
  return (
    one.kind === other.kind &&
    one.modifiedMs === other.modifiedMs &&
    one.size === other.size &&
    one.fileId === other.fileId
  )
}
