import type { ObjectFacts } from '../ports.ts'
import type { DeliveredFile } from './file-on-its-way.ts'

/** S3 Files exports a file when it has not been written to for so long. */
export const exportQuietMs = 60_000
/** An object that is younger than the delivery by less is of the save before: its export was under way. */
const earliestShare = 0.75
/** After this, whatever is younger than the delivery counts: how exports and renames meet is not documented. */
export const overdueMs = 5 * 60_000
/** S3 tells whole seconds, and the skew is as good as the `Date` of an answer. */
const toleranceMs = 2_000

export type ObjectVersion = Pick<ObjectFacts, 'etag' | 'lastModifiedMs'>

export interface ArrivalContext {
  readonly nowMs: number
  /** How far S3's clock is ahead of ours. */
  readonly skewMs: number
  readonly quietMs: number
  /** What was there before, as far as it has been seen. */
  readonly before: ObjectVersion | undefined
}

/** Whether `object` is what S3 Files has made of the newest delivery, and not what was there before. */
export function isArrival(file: DeliveredFile, object: ObjectFacts, context: ArrivalContext): boolean {
  const { nowMs, skewMs, quietMs, before } = context
  if (object.size !== file.size) return false
  if (object.etag === before?.etag && object.lastModifiedMs === before.lastModifiedMs) return false
  const isOverdue = nowMs - file.deliveredMs > overdueMs
  const earliestMs = file.deliveredMs + (isOverdue ? -toleranceMs : quietMs * earliestShare)
  return object.lastModifiedMs - skewMs >= earliestMs
}

/** Whether somebody else has replaced the file since: what was delivered will not be seen any more. */
export function isOvertaken(file: DeliveredFile, object: ObjectFacts, context: ArrivalContext): boolean {
  const isOverdue = context.nowMs - file.deliveredMs > overdueMs
  const madeMs = object.lastModifiedMs - context.skewMs
  return isOverdue && object.size !== file.size && madeMs > file.deliveredMs + context.quietMs
}
