import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import { openOrReplace } from './sqlite.ts'

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
`

export interface OpenedState {
  readonly database: DatabaseSync
  readonly bodiesDir: string
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
  const bodiesDir = join(stateDir, 'finder-bodies')
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    const opened = openOrReplace(join(stateDir, 'vfs.sqlite'), { version: 1, schema }, clock, [bodiesDir])
    if (opened.brokenPath !== undefined) onSetAside?.(opened.brokenPath)
    mkdirSync(bodiesDir, { recursive: true, mode: 0o700 })
    return { database: opened.database, bodiesDir }
  } catch (cause) {
    throw new AppError('state-dir-unusable', { path: stateDir }, { cause })
  }
}

/** Everything below `path` lies between these two in byte order: `0` is the character after `/`. */
export function rangeBelow(path: string): readonly [string, string] {
  return path === '/' ? ['/', '0'] : [`${path}/`, `${path}0`]
}
