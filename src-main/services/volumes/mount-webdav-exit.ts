import { AppError, type ErrorCode } from '../../shared/errors.ts'

/** What `mount_webdav` means by its exit code: Darwin's errno numbers, in its manual page and source. */
const codes: Readonly<Record<number, ErrorCode>> = {
  /** ENOENT: the mount point. */
  2: 'mount-point-missing',
  /** EBUSY: this user has the same URL mounted already; compared without regard to case. */
  16: 'already-mounted',
  /** ENODEV: not reachable, not WebDAV, or the root PROPFIND failed. */
  19: 'mount-unreachable',
  /** EINVAL: everything it has no better code for. */
  22: 'mount-refused',
  /** EAUTH. */
  80: 'mount-unauthorized',
  /** ECANCELED: the user closed a dialog. */
  89: 'mount-cancelled',
}

/** The failure behind an exit code; `undefined` for success. */
export function mountWebdavFailure(
  exitCode: number,
  args: { readonly mountPoint: string; readonly reason: string },
): AppError | undefined {
  return exitCode === 0 ? undefined : new AppError(codes[exitCode] ?? 'mount-refused', args)
}
