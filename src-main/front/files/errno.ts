import { AppError, type ErrorCode } from '../../shared/errors.ts'

/** What a call wants of its path: something that is there, or a place for something new. */
export type Intent = 'use' | 'create'

const codeByErrno: Readonly<Record<string, ErrorCode>> = {
  EISDIR: 'is-a-directory',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  EROFS: 'read-only',
  ENAMETOOLONG: 'name-too-long',
  // What Linux file systems with a character set of their own (vfat, exfat) and macOS say to a name they cannot hold.
  EILSEQ: 'name-invalid',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  EFBIG: 'file-too-large',
  EBUSY: 'busy',
  ETXTBSY: 'busy',
  EEXIST: 'already-exists',
  ENOTEMPTY: 'already-exists',
  // Links that lead in a circle lead nowhere.
  ELOOP: 'not-found',
  // Sockets and devices without a driver, when they are opened.
  ENXIO: 'permission-denied',
  ENODEV: 'permission-denied',
  // Passes by itself: too many open files, or a network disk below the folder that does not answer.
  EMFILE: 'stalled',
  ENFILE: 'stalled',
  ENOMEM: 'stalled',
  EAGAIN: 'stalled',
  ETIMEDOUT: 'stalled',
  EHOSTDOWN: 'stalled',
  ESTALE: 'stalled',
}

/** The errno name of a failed system call; undefined for any other thrown value. */
export function errnoOf(error: unknown): string | undefined {
  if (error instanceof AppError || !(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** True when nothing is at a path, or something on the way to it is no directory. */
export function isMissing(error: unknown): boolean {
  const errno = errnoOf(error)
  return errno === 'ENOENT' || errno === 'ENOTDIR'
}

/** A failed system call on `path` as an `AppError`; one that is unknown here becomes `backend-failed`. */
export function fromErrno(error: unknown, path: string, intent: Intent): AppError {
  if (error instanceof AppError) return error
  const code = isMissing(error)
    ? intent === 'use'
      ? 'not-found'
      : 'parent-missing'
    : codeByErrno[errnoOf(error) ?? '']
  return new AppError(code ?? 'backend-failed', { path }, { cause: error })
}
