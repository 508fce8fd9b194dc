import type { RunResult } from '../../lib/run-process.ts'
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import { reasonOf } from './process-failure.ts'

/** `mount.davfs` has one exit code for all failures; what it says tells them apart. First match wins. */
const sayings: readonly (readonly [RegExp, ErrorCode])[] = [
  // It mounts a server it cannot reach all the same, and exits 0: a volume that cannot be used.
  [/mounting anyway|temporarily unreachable/i, 'mount-unreachable'],
  [/authenticate|401 Unauthorized/i, 'mount-unauthorized'],
  [/evaluate path of mount point|No such file or directory/i, 'mount-point-missing'],
  [/already mounted|resource busy/i, 'mount-point-in-use'],
  [/could not connect|connection refused|connection timed out|\b(?:404|200) [A-Z]/i, 'mount-unreachable'],
]

/** The failure behind one run of `mount.davfs`; `undefined` when it has mounted a server that answers. */
export function davfsFailure(result: RunResult, mountPoint: string): AppError | undefined {
  const said = result.stderr + result.stdout
  const code = sayings.find(([pattern]) => pattern.test(said))?.[1]
  if (result.exitCode === 0 && code !== 'mount-unreachable') return undefined
  return new AppError(code ?? 'mount-refused', { mountPoint, reason: reasonOf(result) })
}
