import { AppError } from '../../../../shared/errors.ts'
import { errnoOf } from '../../../files/errno.ts'
import { sqliteCodeOf } from '../../state/sqlite.ts'

const reasonByErrno: Readonly<Record<string, string>> = {
  EROFS: 'the disk is read-only',
  EIO: 'the disk reports an error',
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  ENOENT: 'it is not there any more',
}

/** SQLite's primary result codes, by number as `node:sqlite` gives them. */
const reasonBySqliteCode: Readonly<Record<number, string>> = {
  8: 'the disk is read-only',
  10: 'the disk reports an error',
  11: 'what was kept there is damaged',
  14: 'it cannot be opened',
}

const sqliteBusy = 5
const sqliteFull = 13

/** What a failed file or database call on the store's own folder means for an upload. An `AppError` stays what it is. */
export function fromDisk(error: unknown, dir: string): AppError {
  if (error instanceof AppError) return error
  const errno = errnoOf(error) ?? ''
  const sqliteCode = sqliteCodeOf(error)
  if (['ENOSPC', 'EDQUOT'].includes(errno) || sqliteCode === sqliteFull) {
    return new AppError('no-space', {}, { cause: error })
  }
  // Another front of this drive is there, or just about to end.
  if (sqliteCode === sqliteBusy) return new AppError('busy', { path: dir }, { cause: error })
  if (passesByItself(errno)) return new AppError('stalled', {}, { cause: error })
  const reason = reasonByErrno[errno] ?? reasonBySqliteCode[sqliteCode ?? 0]
  const args = reason === undefined ? { path: dir } : { path: dir, reason }
  return new AppError('state-dir-unusable', args, { cause: error })
}

/** Too many open files or too little memory: nothing is wrong with the disk. */
export function passesByItself(errno: string | undefined): boolean {
  return ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'].includes(errno ?? '')
}
