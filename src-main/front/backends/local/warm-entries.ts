import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Clock } from '../../../lib/clock.ts'
import { throwIfAborted } from '../../files/abort.ts'

/** Looked at between two readings of the clock. */
const batchEntries = 32

/** From memory a batch takes a tenth of a millisecond; this long means that the disk itself is asked. */
const coldBatchMs = 5

/** Other requests get their turn after this long. */
const turnMs = 3

/**
 * Looks at directory entries one after the other, synchronously, for as long as they are answered from the system's memory: that costs a
 * sixth of a trip through the thread pool. A disk that has to think is left to the pool: this thread answers every
 * request of the drive, and must not wait for a disk.
 *
 * `look` returns false for an entry that needs more than a look. Returns the names that are left: those, and all from the first
 * slow batch on.
 */
export async function lookAtWarmEntries(
  names: readonly string[],
  look: (name: string) => boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const left: string[] = []
  let turnStartedMs = clock.monotonicMs()
  for (let start = 0; start < names.length; start += batchEntries) {
    const batchStartedMs = clock.monotonicMs()
    for (const name of names.slice(start, start + batchEntries)) if (!look(name)) left.push(name)
    const nowMs = clock.monotonicMs()
    if (nowMs - batchStartedMs > coldBatchMs) return left.concat(names.slice(start + batchEntries))
    if (nowMs - turnStartedMs < turnMs) continue
    await nextTurn()
    throwIfAborted(signal)
    turnStartedMs = clock.monotonicMs()
  }
  return left
}
