import type { Clock } from '../../../lib/clock.ts'
import type { Backend, Call } from '../backend.ts'
import { askAgain } from './ask-again.ts'
import { attempt } from './attempt.ts'
import { ignoreLateFailure } from './body-deadline.ts'
import { readOn } from './read-on.ts'

/** What macOS lets us hold a request for: it gives up after 90 s and remembers the failure as "no such file". */
const budgetMs = 60_000

/**
 * Holds what only looks and can be asked again: while `backend` answers `stalled` it is tried again until the budget is
 * used up, then the answer is `stalled`. A file's body that breaks off is read on from there.
 * Changes are passed through: whether they have happened is for the upload queue to find out.
 */
export function withRetries(backend: Backend, clock: Clock): Backend {
  const held = <T>(
    call: Call,
    ask: (signal: AbortSignal) => Promise<T>,
    onLate?: (answer: T) => void,
  ): Promise<T> =>
    attempt({ clock, limitMs: budgetMs, signal: call.signal, onOverrun: () => undefined }, ask, onLate)
  const again = <T>(call: Call, ask: (call: Call) => Promise<T>): Promise<T> =>
    held(call, (signal) => askAgain(clock, () => ask({ signal }), signal))

  return {
    list: (path, call) => again(call, (inner) => backend.list(path, inner)),
    stat: (path, call) => again(call, (inner) => backend.stat(path, inner)),
    statfs: (call) => again(call, (inner) => backend.statfs(inner)),
    read: (path, range, call) =>
      held(
        call,
        // An opened file outlives its attempt, so it follows the client's own signal.
        (signal) => readOn({ backend, clock, path, range, call }, signal),
        (late) => void late.close().catch(ignoreLateFailure),
      ),
    write: (path, body, call) => backend.write(path, body, call),
    makeDirectory: (path, call) => backend.makeDirectory(path, call),
    move: (from, to, call) => backend.move(from, to, call),
    remove: (path, call) => backend.remove(path, call),
  }
}
