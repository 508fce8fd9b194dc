import type { Clock } from '../../lib/clock.ts'
import type { VolumeTableEntry, Volumes } from './ports.ts'

/** The mount table as those see it who look again and again. */
export type SharedTable = Pick<Volumes, 'list'>

/** Less than the pause between two looks, so that nobody is told twice of the same one. */
const maxAgeMs = 900

/**
 * One reading of the mount table for all drives that are watched: on macOS each is a process of its own. What comes may be 900 ms old, which is too
 * old for whoever has just mounted something.
 */
export function shareTable(volumes: Pick<Volumes, 'list'>, clock: Pick<Clock, 'monotonicMs'>): SharedTable {
  let reading: { readonly table: Promise<readonly VolumeTableEntry[]>; readonly atMs: number } | undefined
  return {
    list: () => {
      const nowMs = clock.monotonicMs()
      if (reading === undefined || nowMs - reading.atMs >= maxAgeMs) {
        const table = volumes.list()
        reading = { table, atMs: nowMs }
        // The next to look asks again.
        table.catch(() => (reading = undefined))
      }
      return reading.table
    },
  }
}
