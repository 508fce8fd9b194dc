import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Chunks, OpenedFile } from '../backend.ts'
import type { Deadline } from './attempt.ts'
import type { Health } from './health.ts'
import type { Link } from './link.ts'

/** `body` for the backend, whose `deadline` stands still while the client is the slow one. */
export async function* timedFromOutside(body: Chunks, deadline: Deadline): Chunks {
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

/** The same file, whose body must bring a chunk within `limitMs` each time it is asked for one. */
export function withBodyDeadline(
  opened: OpenedFile,
  link: Link,
  { clock, health, limitMs }: { readonly clock: Clock; readonly health: Health; readonly limitMs: number },
): OpenedFile {
  const close = async (): Promise<void> => {
    link.release()
    await opened.close()
  }
  async function* body(): Chunks {
    const source = opened.body[Symbol.asyncIterator]()
    let ended = false
    try {
      while (!link.signal.aborted) {
        const watched = health.watch('read', false)
        const onOverrun = (): void => watched.overran(limitMs)
        const step = await nextInTime(source, clock, limitMs, onOverrun)
        watched.answered()
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
  limitMs: number,
  onOverrun: () => void,
): Promise<IteratorResult<Uint8Array>> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => {
      onOverrun()
      reject(new AppError('stalled', { limitMs }))
    }, limitMs)
    source
      .next()
      .finally(() => {
        timer[Symbol.dispose]()
      })
      .then(resolve, reject)
  })
}

/** Nobody waits for that file any more; its failure to close is no news to anyone. */
export function ignoreLateFailure(): void {
  // See above.
}
