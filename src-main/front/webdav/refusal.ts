import { isAppError, type ErrorCode } from '../../shared/errors.ts'
import type { Manner } from './manner.ts'

/** RFC 4918 §16 names for why a request was refused; sent as the body so that a client can tell causes of one status apart. */
export type Precondition =
  | 'propfind-finite-depth'
  | 'lock-token-submitted'
  | 'lock-token-matches-request-uri'
  | 'no-conflicting-lock'
  | 'cannot-modify-protected-property'

/** A request that the protocol itself refuses. Storage failures are `AppError`s and get their status from the tables below. */
export class HttpRefusal extends Error {
  readonly status: number
  readonly precondition: Precondition | undefined
  /** For `lock-token-submitted` and `no-conflicting-lock`: where the lock is. */
  readonly href: string | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    detail: {
      precondition?: Precondition
      href?: string
      headers?: Readonly<Record<string, string>>
      cause?: unknown
    } = {},
  ) {
    super(`refused with ${status}`, { cause: detail.cause })
    this.name = 'HttpRefusal'
    this.status = status
    this.precondition = detail.precondition
    this.href = detail.href
    this.headers = detail.headers ?? {}
  }
}

const standardStatus: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'not-a-directory': 404,
  'already-exists': 405,
  'is-a-directory': 405,
  'parent-missing': 409,
  'permission-denied': 403,
  'read-only': 403,
  'outside-root': 403,
  'name-invalid': 403,
  'name-too-long': 414,
  'file-too-large': 413,
  'body-incomplete': 400,
  'no-space': 507,
  busy: 423,
  stalled: 503,
  'backend-failed': 502,
}

/**
 * What macOS makes of a status decides here: every 5xx but 507 and also 409 and 410 mean "no such file" to it and are remembered as
 * such; an unlisted 4xx is "invalid argument". 403 is "permission denied", 423 "in use", 507 "disk full".
 */
const macosStatus: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'not-a-directory': 404,
  'parent-missing': 404,
  'name-too-long': 414,
  'file-too-large': 413,
  'no-space': 507,
  busy: 423,
  stalled: 423,
}

const macosStatusForHttp: Readonly<Record<number, number>> = {
  404: 404,
  409: 404,
  413: 413,
  414: 414,
  416: 416,
  423: 423,
  507: 507,
}

/** The status to answer `error` with. Anything unforeseen is 500, or 403 towards macOS, whose 500 would make the file vanish. */
export function statusFor(error: unknown, manner: Manner): number {
  if (error instanceof HttpRefusal) {
    return manner === 'standard' ? error.status : (macosStatusForHttp[error.status] ?? 403)
  }
  if (!isAppError(error)) return manner === 'standard' ? 500 : 403
  return manner === 'standard' ? (standardStatus[error.code] ?? 500) : (macosStatus[error.code] ?? 403)
}
