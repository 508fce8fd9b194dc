import type { BridgeErrorCode } from './errors.ts'

const statuses: Partial<Record<BridgeErrorCode, number>> = {
  'bad-request': 400,
  unauthorized: 401,
  'permission-denied': 403,
  'read-only': 403,
  'outside-root': 403,
  'not-found': 404,
  'already-exists': 409,
  'not-a-directory': 409,
  'is-a-directory': 409,
  'parent-missing': 409,
  'file-too-large': 413,
  'name-too-long': 414,
  busy: 423,
  cancelled: 499,
  'no-space': 507,
}

/** The HTTP status a failure travels with; whoever receives it goes by the code in the body, not by this. */
export function statusOf(code: BridgeErrorCode): number {
  return statuses[code] ?? 503
}
