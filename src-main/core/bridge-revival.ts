import type { ErrorCode } from '../shared/errors.ts'
import { backoffDelayMs, type Backoff } from './backoff.ts'

const ordinary: Backoff = { firstMs: 500, maxMs: 60_000 }
/** An engine that comes back is used at once. */
const comingBack: Backoff = { firstMs: 500, maxMs: 5_000 }
/** Somebody has to change something first; looking again costs an engine a build, or a server a refusal. */
const lasting: Backoff = { firstMs: 5_000, maxMs: 15 * 60_000 }

const lastingCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'engine-missing',
  'engine-denied',
  'engine-remote',
  'engine-too-old',
  'engine-rootless',
  'engine-arch',
  'engine-no-nfs',
  'engine-mount-denied',
  'engine-disk-full',
  'image-missing',
  'image-build-failed',
  'image-pull-failed',
  'access-denied',
  'remote-path-missing',
  'server-untrusted',
  'server-name-wrong',
  'message-invalid',
])

/**
 * How long a bridge that was lost stays so after `failures` tries in a row that came to nothing, the last of them by `code`. The first
 * try comes at once. `random` yields 0 to 1, as `Math.random`.
 */
export function revivalPauseMs(failures: number, code: ErrorCode, random: () => number): number {
  if (failures === 0) return 0
  const backoff = code === 'engine-not-running' ? comingBack : lastingCodes.has(code) ? lasting : ordinary
  return backoffDelayMs(failures - 1, backoff, random)
}
