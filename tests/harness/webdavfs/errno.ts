export type Errno =
  | 'EACCES'
  | 'EAUTH'
  | 'EBUSY'
  | 'EEXIST'
  | 'EFBIG'
  | 'EINVAL'
  | 'EIO'
  | 'EISDIR'
  | 'ENAMETOOLONG'
  | 'ENOATTR'
  | 'ENODEV'
  | 'ENOENT'
  | 'ENOSPC'
  | 'ENOTDIR'
  | 'ENOTEMPTY'
  | 'ENXIO'
  | 'EPERM'
  | 'EROFS'
  | 'ESTALE'
  | 'ETIMEDOUT'

/** What a program on the Mac gets from a failed call. `status` is the HTTP answer behind it, if one came. */
export class VolumeError extends Error {
  readonly errno: Errno
  readonly status: number | undefined

  constructor(errno: Errno, message: string, status?: number, cause?: unknown) {
    super(`${errno}: ${message}`, { cause })
    this.name = 'VolumeError'
    this.errno = errno
    this.status = status
  }
}

/** True for a `VolumeError`, with one of `errnos` where any are given. */
export function isVolumeError(error: unknown, ...errnos: readonly Errno[]): error is VolumeError {
  return error instanceof VolumeError && (errnos.length === 0 || errnos.includes(error.errno))
}

/** The agent's table from HTTP status to errno; `undefined` for success (webdavfs-403: N:934-1023). */
export function errnoOfStatus(status: number): Errno | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status >= 300 && status < 400) return 'ENOENT'
  if (status === 507) return 'ENOSPC'
  if (status >= 500) return 'ENOENT'
  return clientErrors[status] ?? 'EINVAL'
}

const clientErrors: Readonly<Record<number, Errno>> = {
  401: 'EPERM',
  402: 'EPERM',
  403: 'EPERM',
  404: 'ENOENT',
  405: 'EPERM',
  407: 'EAUTH',
  409: 'ENOENT',
  410: 'ENOENT',
  413: 'EFBIG',
  414: 'ENAMETOOLONG',
  423: 'EBUSY',
  424: 'EBUSY',
}

/** The statuses by which a server truly says "there is no such thing"; all other ENOENTs are misunderstandings. */
export function saysAbsent(status: number | undefined): boolean {
  return status === 404 || status === 410
}
