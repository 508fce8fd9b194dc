import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

import type { Clock } from './clock.ts'
import { WaitTimeoutError, waitFor } from './wait-for.ts'

export interface FileLockOptions {
  readonly clock: Clock
  /** How long to wait for other holders. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** Another process kept the lock for the whole time given. */
export class LockHeldError extends Error {
  constructor(lockPath: string) {
    super(`${lockPath} is held by another process`)
    this.name = 'LockHeldError'
  }
}

const retryEveryMs = 25

/** SQLITE_BUSY: another connection, of this process or another, holds the lock. */
const sqliteBusy = 5

/**
 * Holds `lockPath` alone among all processes of this machine until disposed. The lock belongs to the process, not to the file: when its
 * holder dies the system releases it, so there is no stale lock to detect. The file itself, empty, stays.
 *
 * Node has no `flock`; an exclusive SQLite transaction on an empty database is one.
 * @throws LockHeldError, the signal's reason, or the system's error when the file cannot be made.
 */
export async function acquireFileLock(
  lockPath: string,
  { clock, timeoutMs, signal }: FileLockOptions,
): Promise<Disposable> {
  const database = new DatabaseSync(lockPath, { timeout: 0 })
  try {
    chmodSync(lockPath, 0o600)
    await waitFor(() => tryLock(database), {
      clock,
      timeoutMs,
      intervalMs: retryEveryMs,
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    database.close()
    throw error instanceof WaitTimeoutError ? new LockHeldError(lockPath) : error
  }
  return { [Symbol.dispose]: () => database.close() }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return false
    throw error
  }
}
