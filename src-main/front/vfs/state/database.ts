import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'

const version = 1

/** Paths and names are compared byte by byte, so `A` and `a` differ even where the Mac's own disk holds them for one. */
const schema = `
  CREATE TABLE finder_entry (
    parent TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('file', 'directory')),
    size INTEGER NOT NULL,
    modified_ms REAL NOT NULL,
    created_ms REAL NOT NULL,
    file_id INTEGER NOT NULL,
    last_modified_sec INTEGER NOT NULL,
    PRIMARY KEY (parent, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE dead_property (
    path TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    xml TEXT NOT NULL,
    PRIMARY KEY (path, namespace, name)
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${version};
`

export interface StatePlaces {
  readonly databasePath: string
  readonly bodiesDir: string
}

export interface OpenedState extends StatePlaces {
  readonly database: DatabaseSync
}

/**
 * Opens what the front keeps of a drive on the Mac, making it where there is none. A database that is damaged or of a newer
 * Mountbar is set aside with its bodies as `….broken-<date>` and reported; the drive starts with an empty one.
 * The caller closes the database.
 * @throws AppError `state-dir-unusable`.
 */
export function openState(
  stateDir: string,
  clock: Clock,
  onSetAside?: (brokenPath: string) => void,
): OpenedState {
  const places = { databasePath: join(stateDir, 'vfs.sqlite'), bodiesDir: join(stateDir, 'finder-bodies') }
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    let database = openDatabase(places.databasePath)
    if (database === undefined) {
      onSetAside?.(setAside(places, clock))
      database = openDatabase(places.databasePath)
    }
    if (database === undefined) throw new AppError('state-dir-unusable', { path: stateDir })
    mkdirSync(places.bodiesDir, { recursive: true, mode: 0o700 })
    return { ...places, database }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('state-dir-unusable', { path: stateDir }, { cause })
  }
}

/** @returns undefined when the file is no database of ours that we can read. */
function openDatabase(databasePath: string): DatabaseSync | undefined {
  const database = new DatabaseSync(databasePath, { timeout: 5_000 })
  try {
    // What was answered must survive a power cut, hence FULL; one writer and short transactions keep it cheap.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
    if (found === 0 && isEmpty) {
      database.exec(`BEGIN; ${schema} COMMIT;`)
      return database
    }
    const check = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
    if (found === version && check === 'ok') return database
  } catch (error) {
    if (!isDamage(error)) {
      database.close()
      throw error
    }
  }
  database.close()
  return undefined
}

/** SQLITE_CORRUPT and SQLITE_NOTADB; anything else (a full disk, no permission) is no reason to start afresh. */
function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
  return code === 11 || code === 26
}

function setAside(places: StatePlaces, clock: Clock): string {
  const suffix = `.broken-${new Date(clock.now()).toISOString().replaceAll(':', '-')}`
  for (const path of [
    places.databasePath,
    `${places.databasePath}-wal`,
    `${places.databasePath}-shm`,
    places.bodiesDir,
  ]) {
    if (existsSync(path)) renameSync(path, `${path}${suffix}`)
  }
  return `${places.databasePath}${suffix}`
}

/** Runs `work` as one transaction: all of it or, when it throws, nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

/** Everything below `path` lies between these two in byte order: `0` is the character after `/`. */
export function rangeBelow(path: string): readonly [string, string] {
  return path === '/' ? ['/', '0'] : [`${path}/`, `${path}0`]
}
