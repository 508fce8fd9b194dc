import type { Clock } from '../../../lib/clock.ts'
import type { Backend, Call } from '../backend.ts'
import { attempt, type Deadline } from './attempt.ts'
import { ignoreLateFailure, timedFromOutside, withBodyDeadline } from './body-deadline.ts'
import type { Health } from './health.ts'
import { linkTo } from './link.ts'

/** macOS's kernel extension gives a call 90 s; what is held and tried again has to fit in below that. */
const limitsMs = {
  lookup: 20_000,
  /** To the first byte, and from each chunk to the next. */
  read: 20_000,
  /** From taking one chunk to asking for the next; the last one includes making the file durable. */
  writeChunk: 75_000,
  /** All of what a client waits for. A bridge may be on its way; what has not gone out surely has not happened. */
  change: 60_000,
  /** A whole tree may go with one call. */
  remove: 75_000,
}

interface Limit {
  readonly operation: string
  readonly limitMs: number
  /** False for what moves bytes or has no bounds: that it takes long is no sign of anything. */
  readonly isQuick: boolean
}

/**
 * Ends every call to `backend` that shows no progress for too long, with `stalled`. What the backend may still be doing
 * behind an overrun call is unknown from then on. Time the client takes to deliver or to take bytes does not count.
 */
export function withDeadlines(backend: Backend, clock: Clock, health: Health): Backend {
  const run = async <T>(
    { operation, limitMs, isQuick }: Limit,
    call: Call,
    work: (call: Call, deadline: Deadline) => Promise<T>,
    onLate?: (answer: T) => void,
  ): Promise<T> => {
    const watched = health.watch(operation, isQuick)
    const onOverrun = (): void => watched.overran(limitMs)
    try {
      const answer = await attempt(
        { clock, limitMs, signal: call.signal, onOverrun },
        (signal, deadline) => work({ signal }, deadline),
        onLate,
      )
      watched.answered()
      return answer
    } catch (error) {
      watched.failed(error)
      throw error
    }
  }
  const quick = (operation: string, limitMs: number): Limit => ({ operation, limitMs, isQuick: true })
  const long = (operation: string, limitMs: number): Limit => ({ operation, limitMs, isQuick: false })

  return {
    list: (path, call) => run(quick('list', limitsMs.lookup), call, (inner) => backend.list(path, inner)),
    stat: (path, call) => run(quick('stat', limitsMs.lookup), call, (inner) => backend.stat(path, inner)),
    statfs: (call) => run(quick('statfs', limitsMs.lookup), call, (inner) => backend.statfs(inner)),
    makeDirectory: (path, call) =>
      run(quick('makeDirectory', limitsMs.change), call, (inner) => backend.makeDirectory(path, inner)),
    move: (from, to, call) =>
      run(long('move', limitsMs.change), call, (inner) => backend.move(from, to, inner)),
    remove: (path, call) =>
      run(long('remove', limitsMs.remove), call, (inner) => backend.remove(path, inner)),
    write: (path, body, call) =>
      run(long('write', limitsMs.writeChunk), call, (inner, deadline) =>
        backend.write(path, timedFromOutside(body, deadline), inner),
      ),
    async read(path, range, call) {
      const link = linkTo(call.signal)
      try {
        const opened = await run(
          long('read', limitsMs.read),
          call,
          () => backend.read(path, range, { signal: link.signal }),
          (late) => void late.close().catch(ignoreLateFailure),
        )
        return withBodyDeadline(opened, link, { clock, health, limitMs: limitsMs.read })
      } catch (error) {
        link.abort()
        throw error
      }
    },
  }
}
