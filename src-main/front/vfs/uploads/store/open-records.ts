import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

import type { Clock } from '../../../../lib/clock.ts'
import { brokenSuffix, inTransaction, openOrReplace } from '../../state/sqlite.ts'
import type { UploadId } from '../upload.ts'
import { deliveredSchema } from './delivered-rows.ts'
import { intentSchema } from './intent-rows.ts'
import { emptyLog, mayLackCommits } from './lost-commits.ts'
import { listSpool, rescue, sweep, type Rescued } from './spool-files.ts'
import { UploadRows, uploadSchema, type Entry, type StoredUploads } from './upload-rows.ts'

export interface OpenedRecords {
  readonly database: DatabaseSync
  readonly databasePath: string
  /** In the order in which they were committed; those whose body is not as it should be need attention. */
  readonly entries: readonly Entry[]
  readonly highestId: UploadId
  readonly brokenPath: string | undefined
  /** Undefined where the records accounted for all there was. */
  readonly rescued: Rescued | undefined
}

// One front per drive: a second one must not take this one's unfinished bodies for left over.
// fullfsync: an fsync of macOS leaves what was written in the disk's own cache.
const pragmas = 'PRAGMA locking_mode = EXCLUSIVE; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;'

// From now on `CommitSync` puts commits on the disk.
const syncedByUs = 'PRAGMA synchronous = NORMAL;'

/**
 * Opens the records of uploads and brings them and the spool into agreement. Where the records can be trusted, bodies without
 * one are left over and swept. Where they are new, were replaced, or show damage, such bodies are rescued.
 */
export function openRecords(stateDir: string, spoolDir: string, clock: Clock): OpenedRecords {
  const files = listSpool(spoolDir)
  const databasePath = join(stateDir, 'uploads.sqlite')
  const unreadableDir = `${spoolDir}${brokenSuffix(clock)}`
  const { database, brokenPath, filled } = openOrReplace(
    databasePath,
    {
      version: 1,
      schema: `${uploadSchema} ${deliveredSchema} ${intentSchema}`,
      pragmas,
      fill: (fresh) => {
        const rescued = rescue(spoolDir, [...files.keys()], [], unreadableDir)
        insertAll(new UploadRows(fresh), rescued.entries)
        return rescued
      },
    },
    clock,
  )
  try {
    const rows = new UploadRows(database)
    const stored = rows.readAll()
    const orphans = withoutRecord(files, stored.entries)
    let rescued = filled
    const isDamaged =
      filled === undefined && (mayLackCommits(database, databasePath) || stored.damagedIds.length > 0)
    emptyLog(database)
    if (isDamaged) {
      const paths = stored.entries.map(({ record }) => record.path)
      rescued = rescue(spoolDir, orphans, paths, unreadableDir)
      replaceDamaged(database, rows, stored, rescued)
    } else if (filled === undefined) {
      sweep(spoolDir, orphans)
    }
    const { entries, highestId } = rescued === undefined ? stored : rows.readAll()
    // Which ids were given out is forgotten with a database; there is less than one upload per second in the long run.
    const idFloor = brokenPath === undefined ? 0 : Math.floor(clock.now() / 1000)
    database.exec(syncedByUs)
    return {
      database,
      databasePath,
      entries: entries.map((entry) => asFound(entry, files)),
      highestId: [...files.keys()].reduce((a, b) => Math.max(a, b), Math.max(highestId, idFloor)),
      brokenPath,
      rescued,
    }
  } catch (error) {
    database.close()
    throw error
  }
}

function replaceDamaged(
  database: DatabaseSync,
  rows: UploadRows,
  { damagedIds }: StoredUploads,
  { entries }: Rescued,
): void {
  inTransaction(database, () => {
    for (const id of damagedIds) rows.delete(id)
    insertAll(rows, entries)
  })
}

function insertAll(rows: UploadRows, entries: readonly Entry[]): void {
  for (const entry of entries) rows.insert(entry)
}

function withoutRecord(files: ReadonlyMap<UploadId, number>, entries: readonly Entry[]): readonly UploadId[] {
  const recorded = new Set(entries.map(({ record }) => record.id))
  return [...files.keys()].filter((id) => !recorded.has(id))
}

/** Not written down: should the body be back the next time (a disk that was not connected), all is well again. */
function asFound(entry: Entry, files: ReadonlyMap<UploadId, number>): Entry {
  const { record, body } = entry
  if (files.get(record.id) === body.fileBytes) return entry
  return {
    ...entry,
    record: { ...record, attention: { code: 'upload-damaged', args: { path: record.path } } },
  }
}
