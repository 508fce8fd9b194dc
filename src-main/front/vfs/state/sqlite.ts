import { closeSync, existsSync, openSync, renameSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

import type { Clock } from '../../../lib/clock.ts'

/** What makes a database file ours. */
export interface DatabaseShape<Filled = undefined> {
  /** Kept as `user_version`; a file with another one is not opened. */
  readonly version: number
  /** The statements that make the tables. */
  readonly schema: string
  /** Connection settings beyond the common ones, set before the file is first read. */
  readonly pragmas?: string
  /** Fills a new database in the transaction that makes its tables, so that a crash never leaves one that is made but empty. */
  readonly fill?: (database: DatabaseSync) => Filled
}

export interface OpenedDatabase<Filled = undefined> {
  readonly database: DatabaseSync
  /** What `fill` returned; undefined when the database was there already. */
  readonly filled: Filled | undefined
  /** Where the file lies that had to be replaced; undefined when there was none. */
  readonly brokenPath: string | undefined
}

/**
 * Opens a database, making it (mode 0600) where there is none. One that is damaged or of another version is set aside as
 * `….broken-<date>`, together with `companionPaths` that mean nothing without it, and a new one is made.
 * The caller closes it. Throws what SQLite or the file system throw; a full disk is no reason to start afresh.
 */
export function openOrReplace<Filled = undefined>(
  databasePath: string,
  shape: DatabaseShape<Filled>,
  clock: Clock,
  companionPaths: readonly string[] = [],
): OpenedDatabase<Filled> {
  const opened = openDatabase(databasePath, shape)
  if (opened !== undefined) return { ...opened, brokenPath: undefined }
  const suffix = brokenSuffix(clock)
  // The file itself first: should this break off, a log without its database is dropped by SQLite, while a database
  // without its log would pass for whole and lack what was committed last.
  for (const path of [databasePath, `${databasePath}-wal`, `${databasePath}-shm`, ...companionPaths]) {
    if (existsSync(path)) renameSync(path, `${path}${suffix}`)
  }
  const replacement = openDatabase(databasePath, shape)
  if (replacement === undefined) throw new Error(`${databasePath} cannot be read although it is new`)
  return { ...replacement, brokenPath: `${databasePath}${suffix}` }
}

/** What is appended to the name of a thing that could not be read and is kept. */
export function brokenSuffix(clock: Clock): string {
  return `.broken-${new Date(clock.now()).toISOString().replaceAll(':', '-')}`
}

/** @returns undefined when the file is no database of ours that we can read. */
function openDatabase<Filled>(
  databasePath: string,
  shape: DatabaseShape<Filled>,
): Omit<OpenedDatabase<Filled>, 'brokenPath'> | undefined {
  closeSync(openSync(databasePath, 'a', 0o600))
  const database = new DatabaseSync(databasePath, { timeout: 5_000 })
  try {
    // What was answered must survive a power cut, hence FULL; one writer and short transactions keep it cheap.
    database.exec(`${shape.pragmas ?? ''} PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`)
    const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
    if (found === 0 && isEmpty) {
      const filled = inTransaction(database, () => {
        database.exec(`${shape.schema} PRAGMA user_version = ${shape.version};`)
        return shape.fill?.(database)
      })
      return { database, filled }
    }
    if (found === shape.version && isSound(database, shape.schema)) return { database, filled: undefined }
  } catch (error) {
    database.close()
    if (!isDamage(error)) throw error
    return undefined
  }
  database.close()
  return undefined
}

/** SQLite's own check sees broken pages; a flipped bit in the name of a table is for us to see. */
function isSound(database: DatabaseSync, schema: string): boolean {
  if (database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] !== 'ok') return false
  const intended = new DatabaseSync(':memory:')
  intended.exec(schema)
  const isSame = tablesOf(database) === tablesOf(intended)
  intended.close()
  return isSame
}

function tablesOf(database: DatabaseSync): string {
  return JSON.stringify(database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all())
}

/** Runs `work` as one transaction: all of it or, when it throws, nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk or an I/O error may have rolled it back already.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** SQLite's primary result code; undefined for any other thrown value. */
export function sqliteCodeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, and SQLITE_ERROR: our statements are sound, so a header or a schema is not. */
function isDamage(error: unknown): boolean {
  const code = sqliteCodeOf(error)
  return code === 11 || code === 26 || code === 1
}
