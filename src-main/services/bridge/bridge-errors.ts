import type { BridgeErrorBody, BridgeErrorCode } from '../../../docker/bridge/api/errors.ts'
import { bridgeExitCodes } from '../../../docker/bridge/api/start.ts'
import { AppError, type ErrorArgs, type ErrorCode } from '../../shared/errors.ts'

const codes = {
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
  unauthorized: 'message-invalid',
  'bad-request': 'message-invalid',
  'start-line-invalid': 'message-invalid',
  'tunnel-missing': 'tunnel-failed',
  'tunnel-exited': 'tunnel-failed',
  'tunnel-identity-unreadable': 'tunnel-failed',
  'tunnel-port-taken': 'tunnel-failed',
  'server-unresolved': 'server-unresolved',
  'server-unreachable': 'server-unreachable',
  'server-refused': 'server-refused',
  'server-closed': 'server-closed',
  'server-untrusted': 'server-untrusted',
  'server-name-wrong': 'server-name-wrong',
  'access-denied': 'access-denied',
  'mount-path-missing': 'remote-path-missing',
  'mount-timeout': 'server-silent',
  'mount-failed': 'bridge-mount-failed',
  'kernel-without-nfs': 'engine-no-nfs',
  'mount-not-permitted': 'engine-mount-denied',
  'mount-lost': 'bridge-mount-failed',
} as const satisfies Record<BridgeErrorCode, ErrorCode>

/** What a bridge says as one of the app's own errors. Its code of ours is kept as the reason where several became one. */
export function appErrorOf({ code, args }: BridgeErrorBody, known: ErrorArgs = {}): AppError {
  const own = codes[code]
  return new AppError(own, { ...known, ...(own === code ? {} : { reason: code }), ...args })
}

export interface ContainerEnd {
  readonly exitCode: number
  readonly wasOutOfMemory: boolean
}

/** Why a container of a bridge is not there any more. `lastError` is what it had said before. */
export function endError(
  { exitCode, wasOutOfMemory }: ContainerEnd,
  lastError: AppError | undefined,
): AppError {
  if (wasOutOfMemory) return new AppError('bridge-died', { exitCode, reason: 'out of memory' })
  if (exitCode === bridgeExitCodes.cannotMount) return lastError ?? new AppError('engine-no-nfs')
  if (exitCode === bridgeExitCodes.startLineInvalid)
    return new AppError('message-invalid', { reason: 'start-line-invalid' })
  return new AppError('bridge-died', { exitCode })
}
