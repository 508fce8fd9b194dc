import type { BridgeErrorCode } from '../../api/errors.ts'
import { BridgeError } from '../../lib/bridge-error.ts'

/** What a call wants of its path: something that is there, or a place for something new. */
export type Intent = 'use' | 'create'

const codeByErrno: Readonly<Record<string, BridgeErrorCode>> = {
  EISDIR: 'is-a-directory',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  // A name that the file system cannot hold.
  EILSEQ: 'permission-denied',
  EROFS: 'read-only',
  ENAMETOOLONG: 'name-too-long',
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
  // Passes by itself: too much at once, or a server that does not answer, or not now. A hard mount gives EIO to calls that were
  // under way when it was taken down.
  EMFILE: 'stalled',
  ENFILE: 'stalled',
  ENOMEM: 'stalled',
  EAGAIN: 'stalled',
  EINTR: 'stalled',
  EIO: 'stalled',
  EREMOTEIO: 'stalled',
  ETIMEDOUT: 'stalled',
  EHOSTDOWN: 'stalled',
  EHOSTUNREACH: 'stalled',
  ENETUNREACH: 'stalled',
  ECONNREFUSED: 'stalled',
  ECONNRESET: 'stalled',
  ENOTCONN: 'stalled',
  ESHUTDOWN: 'stalled',
}

/** Those of Linux that libuv has no name for: it says `Unknown system error -121`. */
const nameByNumber: Readonly<Record<number, string>> = {
  [-121]: 'EREMOTEIO',
  [-122]: 'EDQUOT',
  [-116]: 'ESTALE',
}

/** The name of a failed system call's error; undefined for any other thrown value. */
export function errnoOf(error: unknown): string | undefined {
  if (error instanceof BridgeError || !(error instanceof Error) || !('code' in error)) return undefined
  if ('errno' in error && typeof error.errno === 'number') {
    const name = nameByNumber[error.errno]
    if (name !== undefined) return name
  }
  return typeof error.code === 'string' ? error.code : undefined
}

/** True when nothing is at a path, or something on the way to it is no directory. */
export function isMissing(error: unknown): boolean {
  const errno = errnoOf(error)
  return errno === 'ENOENT' || errno === 'ENOTDIR'
}

/** A failed system call on `path` as a `BridgeError`; one that is unknown here becomes `backend-failed`. */
export function fromErrno(error: unknown, path: string, intent: Intent): BridgeError {
  if (error instanceof BridgeError) return error
  return new BridgeError(codeOf(error, intent), { path }, { cause: error })
}

function codeOf(error: unknown, intent: Intent): BridgeErrorCode {
  if (isMissing(error)) return intent === 'use' ? 'not-found' : 'parent-missing'
  const errno = errnoOf(error) ?? ''
  // Tried twice by then (`reopening`): gone for a reader. A writer tries again, and then sees where it may write.
  if (errno === 'ESTALE') return intent === 'use' ? 'not-found' : 'stalled'
  return codeByErrno[errno] ?? 'backend-failed'
}
