import { join } from 'node:path'

import type { Clock } from '../../../../lib/clock.ts'
import type { DurableStep, UploadStore } from '../upload-store.ts'
import { fromDisk } from './disk-errors.ts'
import { DurableUploadStore } from './durable-upload-store.ts'
import { openRecords, type OpenedRecords } from './open-records.ts'
import { Room, type RoomLimits } from './room.ts'
import { Spool } from './spool.ts'

export interface UploadStoreOptions extends RoomLimits {
  /** `uploads.sqlite` and `spool/` are made in it. */
  readonly stateDir: string
  readonly clock: Clock
  /** A test hook, called at exactly these moments; it may end the process. */
  readonly onStep?: ((step: DurableStep) => void) | undefined
  /** The records were damaged, of a newer Mountbar, or gone while there were bodies. Called once, before this returns. */
  readonly onRecovered?: ((recovery: Recovery) => void) | undefined
}

/** What became of uploads whose records were lost. Nothing of it was removed. */
export interface Recovery {
  /** The database as it was found lies here now; undefined where it is still in use. */
  readonly brokenPath: string | undefined
  /** Uploads rebuilt from the spool. Each needs attention, with `upload-recovered`. */
  readonly uploads: number
  /** Spool files that do not tell what they are were moved to `unreadableDir`. */
  readonly unreadable: number
  readonly unreadableDir: string
}

/**
 * Opens the accepted uploads of a drive, making the store where there is none, and brings records and bodies into agreement.
 * Dispose it after the last call. A second one for the same folder is refused while this one is open.
 * @throws AppError `busy` {path} (a second one), `state-dir-unusable`, `no-space`.
 */
export function openUploadStore(options: UploadStoreOptions): UploadStore {
  const { stateDir, clock } = options
  const onStep = options.onStep ?? (() => undefined)
  const spoolDir = join(stateDir, 'spool')
  try {
    const records = openRecords(stateDir, spoolDir, clock)
    try {
      report(records, options.onRecovered)
      const usedBytes = records.entries.reduce((sum, { body }) => sum + body.size, 0)
      const room = new Room(spoolDir, options, clock, usedBytes)
      return new DurableUploadStore(records, new Spool(spoolDir, room, onStep), room, stateDir, onStep)
    } catch (error) {
      records.database.close()
      throw error
    }
  } catch (error) {
    throw fromDisk(error, stateDir)
  }
}

function report({ brokenPath, rescued }: OpenedRecords, onRecovered?: (recovery: Recovery) => void): void {
  if (rescued === undefined) return
  const { entries, unreadable, unreadableDir } = rescued
  // A first start makes a new database, too.
  if (brokenPath === undefined && entries.length === 0 && unreadable === 0) return
  onRecovered?.({ brokenPath, uploads: entries.length, unreadable, unreadableDir })
}
