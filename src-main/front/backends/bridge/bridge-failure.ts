import { bridgeErrorSchema, type BridgeErrorCode } from '../../../../docker/bridge/api/errors.ts'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'

/**
 * What an agent's refusals mean to a front. Whatever is wrong with the bridge as a whole is a silence to be waited out here: whoever
 * keeps the bridge knows more, mends it, and tells the user.
 */
const meanings: Readonly<Record<BridgeErrorCode, ErrorCode>> = {
  'not-found': 'not-found',
  'already-exists': 'already-exists',
  'not-a-directory': 'not-a-directory',
  'is-a-directory': 'is-a-directory',
  'parent-missing': 'parent-missing',
  'permission-denied': 'permission-denied',
  'read-only': 'read-only',
  'outside-root': 'outside-root',
  'name-too-long': 'name-too-long',
  'file-too-large': 'file-too-large',
  'no-space': 'no-space',
  busy: 'busy',
  cancelled: 'cancelled',
  stalled: 'stalled',
  'backend-failed': 'backend-failed',
  'bad-request': 'backend-failed',
  'start-line-invalid': 'backend-failed',
  // The token of an agent that is no more, on its way to the next one.
  unauthorized: 'stalled',
  'tunnel-missing': 'stalled',
  'tunnel-exited': 'stalled',
  'tunnel-identity-unreadable': 'stalled',
  'tunnel-port-taken': 'stalled',
  'server-unresolved': 'stalled',
  'server-unreachable': 'stalled',
  'server-refused': 'stalled',
  'server-closed': 'stalled',
  'server-untrusted': 'stalled',
  'server-name-wrong': 'stalled',
  'access-denied': 'stalled',
  'mount-path-missing': 'stalled',
  'mount-timeout': 'stalled',
  'mount-failed': 'stalled',
  'kernel-without-nfs': 'stalled',
  'mount-not-permitted': 'stalled',
  'mount-lost': 'stalled',
}

/** A refusal in an answer's body. One that is no refusal as agreed comes from somebody else at that port, or from a broken agent. */
export function refusalFrom(body: unknown, path: string, status = 200): AppError {
  const parsed = bridgeErrorSchema.safeParse(body)
  if (!parsed.success) return brokenConnection(new Error(`HTTP ${status}, and no refusal as agreed`))
  const { code, args } = parsed.data
  return new AppError(meanings[code], { path, ...args })
}

/** A connection that could not be made, broke, or brought something else than agreed. It may well work the next time. */
export function brokenConnection(cause: unknown): AppError {
  return new AppError('stalled', {}, { cause })
}
