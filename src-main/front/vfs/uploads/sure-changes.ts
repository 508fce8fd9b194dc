import type { Clock } from '../../../lib/clock.ts'
import { isAppError, type AppError } from '../../../shared/errors.ts'
import type { Attributes, Backend, Call } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import { askAgain } from '../patience/ask-again.ts'
import { attempt } from '../patience/attempt.ts'
import { judgeMove, judgeNewDirectory, judgeRemoval, type Found, type Verdict } from './judge-change.ts'
import { baseAt, look } from './place.ts'
import type { QueueParts } from './queue-parts.ts'

/** What tells which version of the backend's was at a path before. */
type SureChangesParts = Pick<QueueParts, 'backend' | 'clock' | 'index' | 'promises' | 'knownAt'>

/** As for what only looks; the removal of a tree, which may take longer, keeps its own limit. */
const budgetMs = 60_000
/** A bridge that dies may leave a change with the server, to be done a moment after the next bridge is there. */
const ghostMs = 1_000

/**
 * `makeDirectory`, `move` and `remove` of a backend whose answers may get lost. A change that ends in `stalled` has happened, or not: the
 * backend is asked until it answers, and what is there now tells. One that has happened is answered, one that has not is made
 * again. Where it cannot be told, or not within a minute, `stalled` it is.
 */
export function withSureChanges(parts: SureChangesParts): Backend {
  const { backend, clock } = parts
  const patientLook = (path: VfsPath, call: Call): Promise<Found> =>
    askAgain(clock, () => look(backend, path, call), call.signal)
  const before = async (path: VfsPath, call: Call): Promise<Found> => {
    const seen = baseAt(parts, path)
    return seen === 'unknown' ? await held(clock, call, (inner) => patientLook(path, inner)) : seen
  }

  return {
    list: (path, call) => backend.list(path, call),
    stat: (path, call) => backend.stat(path, call),
    statfs: (call) => backend.statfs(call),
    read: (path, range, call) => backend.read(path, range, call),
    write: (path, body, call) => backend.write(path, body, call),
    async makeDirectory(path, call) {
      const known = await before(path, call)
      return await untilSure(clock, call, {
        make: (inner) => backend.makeDirectory(path, inner),
        judge: async (inner) => judgeNewDirectory(known, await patientLook(path, inner)),
      })
    },
    async move(from, to, call) {
      const source = await before(from, call)
      return await untilSure(clock, call, {
        make: (inner) => backend.move(from, to, inner),
        judge: async (inner) => {
          const found = { from: await patientLook(from, inner), to: await patientLook(to, inner) }
          return judgeMove(source, found)
        },
      })
    },
    async remove(path, call) {
      const known = await before(path, call)
      await untilSure<Attributes | undefined>(clock, call, {
        make: async (inner) => {
          await backend.remove(path, inner)
          return undefined
        },
        judge: async (inner) => judgeRemoval(known, await patientLook(path, inner)),
      })
    },
  }
}

interface Change<T> {
  readonly make: (call: Call) => Promise<T>
  readonly judge: (call: Call) => Promise<Verdict<T>>
}

/** Makes `change` at most until the budget is used up; only its first try may take longer, by a limit of its own. */
async function untilSure<T>(clock: Clock, call: Call, change: Change<T>): Promise<T> {
  const startedMs = clock.monotonicMs()
  try {
    return await change.make(call)
  } catch (error) {
    const leftMs = budgetMs - (clock.monotonicMs() - startedMs)
    if (!isAppError(error, 'stalled') || call.signal.aborted || leftMs <= 0) throw error
    return await held(clock, call, (inner) => settle(clock, inner, change, error), leftMs)
  }
}

/** @throws `failure` when it cannot be told what has become of the change, or what that is refused with when it is made again. */
async function settle<T>(clock: Clock, call: Call, change: Change<T>, failure: AppError): Promise<T> {
  const first = await change.judge(call)
  if (first.kind === 'done') return first.answer
  await clock.sleep(ghostMs, call.signal)
  const verdict = await change.judge(call)
  if (verdict.kind === 'done') return verdict.answer
  // An earlier try is no excuse for a refusal, unless it may be the reason for it.
  if (verdict.kind === 'unclear' || !isAppError(failure, 'stalled')) throw failure
  try {
    return await change.make(call)
  } catch (error) {
    const mayBeOwnDoing = isAppError(error, 'stalled', 'not-found', 'already-exists')
    if (!mayBeOwnDoing || call.signal.aborted) throw error
    return await settle(clock, call, change, error)
  }
}

function held<T>(clock: Clock, call: Call, work: (call: Call) => Promise<T>, limitMs = budgetMs): Promise<T> {
  const options = { clock, limitMs, signal: call.signal, onOverrun: () => undefined }
  return attempt(options, (signal) => work({ signal }))
}
