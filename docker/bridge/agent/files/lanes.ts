import { Lane } from './lane.ts'

/**
 * How many system calls of each kind are under way at a time. Together 62: whoever starts this process gives libuv 64 threads, so that
 * no kind can take another's. A mount that stalls fills the lanes one by one; what waits in them can be called off.
 *
 * Calls, not requests: a reader that is slow to take its bytes, or a writer that is slow to send them, holds no place.
 */
export interface Lanes {
  /** stat, and the way to a file that is opened. */
  readonly attributes: Lane
  /** Entries of directories that are listed; over NFS their attributes mostly came with the names. */
  readonly list: Lane
  /** 1 MiB each: enough under way to fill a line of 16 MiB in flight. */
  readonly read: Lane
  readonly write: Lane
  /** New directories, moves, times; the entries of a tree that is removed. */
  readonly change: Lane
  /** statfs and S3 Files' status. */
  readonly status: Lane
}

export function createLanes(): Lanes {
  return {
    attributes: new Lane(8),
    list: new Lane(18),
    read: new Lane(16),
    write: new Lane(10),
    change: new Lane(8),
    status: new Lane(2),
  }
}
