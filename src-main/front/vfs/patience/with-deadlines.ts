import type { Clock } from '../../../lib/clock.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Backend, Call, Chunks, OpenedFile } from '../backend.ts'
import { attempt, type Deadline } from './attempt.ts'
import type { Health } from './health.ts'

/** The kernel extension gives a call 90 s; what is held and tried again has to fit in below that. */
const limitsMs = {
  lookup: 20_000,
  /** To the first byte, and from each chunk to the next. */
  read: 20_000,
  /** From taking one chunk to asking for the next; the last one includes making the file durable. */
  writeChunk: 75_000,
  change: 40_000,
  /** A whole tree may go with one call. */
  remove: 75_000,
}

/**
 * Ends every call to `backend` that shows no progress for too long, with `stalled`. What the backend may still be doing
 * behind an overrun call is unknown from then on. Time the client takes to deliver or to take bytes does not count.
 */
export function withDeadlines(backend: Backend, clock: Clock, health: Health): Backend {
  const run = async <T>(
    operation: string,
    limitMs: number,
    call: Call,
    work: (call: Call, deadline: Deadline) => Promise<T>,
    onLate?: (answer: T) => void,
  ): Promise<T> => {
    const onOverrun = (): void => {
      health.noteStall(operation)
    }
    try {
      const answer = await attempt(
        { clock, limitMs, signal: call.signal, onOverrun },
        (signal, deadline) => work({ signal }, deadline),
        onLate,
      )
      health.noteAnswer()
      return answer
    } catch (error) {
      if (isAppError(error, 'stalled')) health.noteStall(operation)
      // A refusal is an answer too; only silence is a stall.
      else if (isAppError(error) && error.code !== 'cancelled' && error.code !== 'body-incomplete')
        health.noteAnswer()
      throw error
    }
  }

  return {
    list: (path, call) => run('list', limitsMs.lookup, call, (inner) => backend.list(path, inner)),
    stat: (path, call) => run('stat', limitsMs.lookup, call, (inner) => backend.stat(path, inner)),
    statfs: (call) => run('statfs', limitsMs.lookup, call, (inner) => backend.statfs(inner)),
    makeDirectory: (path, call) =>
      run('makeDirectory', limitsMs.change, call, (inner) => backend.makeDirectory(path, inner)),
    move: (from, to, call) => run('move', limitsMs.change, call, (inner) => backend.move(from, to, inner)),
    remove: (path, call) => run('remove', limitsMs.remove, call, (inner) => backend.remove(path, inner)),
    write: (path, body, call) =>
      run('write', limitsMs.writeChunk, call, (inner, deadline) =>
        backend.write(path, timedFromOutside(body, deadline), inner),
      ),
    async read(path, range, call) {
      const link = linkTo(call.signal)
      try {
        const opened = await run(
          'read',
          limitsMs.read,
          call,
          () => backend.read(path, range, { signal: link.signal }),
          (late) => void late.close().catch(ignoreLateFailure),
        )
        return watchBody(opened, link, clock, health)
      } catch (error) {
        link.abort()
        throw error
      }
    },
  }
}

/** While the backend waits for `body`, the client is the slow one. */
async function* timedFromOutside(body: Chunks, deadline: Deadline): Chunks {
  const source = body[Symbol.asyncIterator]()
  let ended = false
  try {
    for (;;) {
      deadline.pause()
      const step = await source.next()
      deadline.restart()
      if (step.done === true) {
        ended = true
        return
      }
      yield step.value
    }
  } finally {
    if (!ended) await source.return?.()
  }
}

/** The same file, whose body must bring a chunk within the limit each time it is asked for one. */
function watchBody(opened: OpenedFile, link: Link, clock: Clock, health: Health): OpenedFile {
  const close = async (): Promise<void> => {
    link.release()
    await opened.close()
  }
  async function* body(): Chunks {
    const source = opened.body[Symbol.asyncIterator]()
    let ended = false
    try {
      while (!link.signal.aborted) {
        const step = await nextInTime(source, clock, () => {
          health.noteStall('read')
        })
        if (step.done === true) {
          ended = true
          return
        }
        yield step.value
      }
      throw new AppError('cancelled')
    } finally {
      // What hangs is called off and left to close by itself: its reader must not hang with it.
      if (!ended) link.abort()
      const closing = close()
      if (ended) await closing
      else closing.catch(ignoreLateFailure)
    }
  }
  return { attributes: opened.attributes, length: opened.length, body: body(), close }
}

function nextInTime(
  source: AsyncIterator<Uint8Array>,
  clock: Clock,
  onOverrun: () => void,
): Promise<IteratorResult<Uint8Array>> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => {
      onOverrun()
      reject(new AppError('stalled', { limitMs: limitsMs.read }))
    }, limitsMs.read)
    source
      .next()
      .finally(() => {
        timer[Symbol.dispose]()
      })
      .then(resolve, reject)
  })
}

interface Link {
  readonly signal: AbortSignal
  abort(): void
  /** Cuts the link: the signal it follows no longer matters. */
  release(): void
}

/** A signal that follows `signal` and can be aborted on its own. `AbortSignal.any` does the same at a multiple of the cost per read. */
function linkTo(signal: AbortSignal): Link {
  const controller = new AbortController()
  const abort = (): void => {
    controller.abort()
  }
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return {
    signal: controller.signal,
    abort,
    release: () => {
      signal.removeEventListener('abort', abort)
    },
  }
}

function ignoreLateFailure(): void {
  // Nobody waits for that file any more; its failure to close is no news to anyone.
}
