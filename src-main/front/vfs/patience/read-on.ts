import type { Clock } from '../../../lib/clock.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { Attributes, Backend, ByteRange, Call, Chunks, OpenedFile } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import { askAgain } from './ask-again.ts'
import { attempt } from './attempt.ts'
import { ignoreLateFailure } from './body-deadline.ts'

/**
 * Once the first bytes are out, macOS reads on without a limit of its own; only a connection on which nothing moves for five minutes
 * is taken for dead, by our own server.
 */
const standstillMs = 240_000

export interface ReadOptions {
  readonly backend: Backend
  readonly clock: Clock
  readonly path: VfsPath
  readonly range: ByteRange | undefined
  readonly call: Call
}

/** A body under way, with what it brought last. */
interface Stretch {
  readonly opened: OpenedFile
  readonly source: AsyncIterator<Uint8Array>
  readonly step: IteratorResult<Uint8Array>
}

/**
 * Opens a file whose body goes on where it broke off or fell silent, for as long as the file is still the same.
 * Resolves with the first chunk in hand: until then a failure can be answered, and macOS takes one that comes later, but before the
 * first page, for the death of the whole volume. `signal` ends the opening, the call's own the reading.
 */
export async function readOn(options: ReadOptions, signal: AbortSignal): Promise<OpenedFile> {
  const { clock, range } = options
  let current = await askAgain(clock, () => start(options, range), signal)
  const { attributes, length } = current.opened
  const firstByte = range?.start ?? 0

  async function* body(): Chunks {
    let doneBytes = 0
    try {
      while (doneBytes < length) {
        const { value } = current.step as IteratorYieldResult<Uint8Array>
        doneBytes += value.length
        yield value
        if (doneBytes < length) {
          const rest = { start: firstByte + doneBytes, end: firstByte + length - 1 }
          current = await goOn(options, current, attributes, rest)
        }
      }
      // Asked for its end, it closes what feeds it; all bytes are here, so no failure matters any more.
      await current.source.next().catch(ignoreLateFailure)
    } finally {
      drop(current)
    }
  }
  return { attributes, length, body: body(), close: () => current.opened.close() }
}

/** What follows `last`, of the same body or, where that has failed, of a new one. */
async function goOn(
  options: ReadOptions,
  last: Stretch,
  attributes: Attributes,
  rest: ByteRange,
): Promise<Stretch> {
  try {
    return await next(last.opened, last.source)
  } catch (error) {
    if (!isAppError(error, 'stalled', 'backend-failed')) throw error
  }
  const { clock, call } = options
  return attempt(
    { clock, limitMs: standstillMs, signal: call.signal, onOverrun: () => undefined },
    (signal) => askAgain(clock, () => restart(options, attributes, rest), signal),
    drop,
  )
}

/** @throws `busy` when it is another file by now: half of one and half of the other is worse than half. */
async function restart(options: ReadOptions, attributes: Attributes, rest: ByteRange): Promise<Stretch> {
  const stretch = await start(options, rest)
  if (isSame(stretch.opened.attributes, attributes)) return stretch
  drop(stretch)
  throw new AppError('busy', { path: options.path })
}

async function start({ backend, path, call }: ReadOptions, range: ByteRange | undefined): Promise<Stretch> {
  const opened = await backend.read(path, range, call)
  return next(opened, opened.body[Symbol.asyncIterator]())
}

/** @throws `backend-failed` for a body that ends before it should; the file is closed then. */
async function next(opened: OpenedFile, source: AsyncIterator<Uint8Array>): Promise<Stretch> {
  try {
    const step = await source.next()
    if (step.done !== true || opened.length === 0) return { opened, source, step }
    throw new AppError('backend-failed')
  } catch (error) {
    drop({ opened, source })
    throw error
  }
}

/** What hangs is left to close by itself: its reader must not hang with it. */
function drop({ opened, source }: Pick<Stretch, 'opened' | 'source'>): void {
  source.return?.().catch(ignoreLateFailure)
  opened.close().catch(ignoreLateFailure)
}

function isSame(one: Attributes, other: Attributes): boolean {
  return one.size === other.size && one.modifiedMs === other.modifiedMs && one.fileId === other.fileId
}
