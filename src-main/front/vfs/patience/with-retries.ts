import type { Clock } from '../../../lib/clock.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Backend, Call } from '../backend.ts'
import { attempt } from './attempt.ts'

/** What macOS lets us hold a request for: it gives up after 90 s and remembers the failure as "no such file". */
const budgetMs = 60_000
/** A backend that answers "failed" is there and unlikely to change its mind; one that is silent may come back any time. */
const failedTries = 3
const firstPauseMs = 250
const longestPauseMs = 4_000

/**
 * Holds what only looks and can be asked again: while `backend` answers `stalled` it is tried again until the budget is
 * used up, then the answer is `stalled`. Changes are passed through: whether an overrun one happened is unknown.
 */
export function withRetries(backend: Backend, clock: Clock): Backend {
  const held = <T>(call: Call, ask: (call: Call) => Promise<T>, onLate?: (answer: T) => void): Promise<T> =>
    attempt(
      { clock, limitMs: budgetMs, signal: call.signal, onOverrun: () => undefined },
      (signal) => askAgain(clock, () => ask({ signal }), signal),
      onLate,
    )

  return {
    list: (path, call) => held(call, (inner) => backend.list(path, inner)),
    stat: (path, call) => held(call, (inner) => backend.stat(path, inner)),
    statfs: (call) => held(call, (inner) => backend.statfs(inner)),
    // An opened file outlives its attempt, so it follows the client's own signal.
    read: (path, range, call) =>
      held(
        call,
        () => backend.read(path, range, call),
        (late) => void late.close().catch(() => undefined),
      ),
    write: (path, body, call) => backend.write(path, body, call),
    makeDirectory: (path, call) => backend.makeDirectory(path, call),
    move: (from, to, call) => backend.move(from, to, call),
    remove: (path, call) => backend.remove(path, call),
  }
}

async function askAgain<T>(clock: Clock, ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let pauseMs = firstPauseMs
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask()
    } catch (error) {
      const isWorthIt =
        isAppError(error, 'stalled') || (isAppError(error, 'backend-failed') && tries < failedTries)
      if (!isWorthIt || signal.aborted) throw error
    }
    await clock.sleep(pauseMs, signal).catch((cause: unknown) => {
      throw new AppError('cancelled', {}, { cause })
    })
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}
