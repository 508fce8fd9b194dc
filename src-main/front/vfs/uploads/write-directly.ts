import { AppError, toAppError } from '../../../shared/errors.ts'
import type { Attributes } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import { baseAt, look } from './place.ts'
import { isSameContent } from './promised-attributes.ts'
import type { QueueParts } from './queue-parts.ts'
import type { ReceivedUpload } from './received-upload.ts'
import { SentBody } from './sent-body.ts'
import { isOpenEnded, isTransient } from './transient.ts'

/** Leaves most of a client's patience for the queue, should this come to nothing. */
const limitMs = 20_000
/** What is larger may take its time, and must not have to begin anew for that. */
const maxBytes = 16 * 1024 * 1024

/** How it came out: `later` is for the queue, which has to know whether the backend may have the file all the same. */
export type Directly =
  | { readonly kind: 'done'; readonly attributes: Attributes }
  | { readonly kind: 'later'; readonly attempted: boolean }

/**
 * Brings a body to the backend before it is an upload: who is to wait for the backend anyway was promised nothing so far, so nothing
 * need be durable here. Only where all is well: nothing pending at the path, nobody else's change there, a backend that answers.
 * Whoever calls has the path claimed. @throws AppError what the backend refuses for good.
 */
export async function writeDirectly(
  parts: QueueParts,
  path: VfsPath,
  received: ReceivedUpload,
): Promise<Directly> {
  const { backend, clock, index, health, promises, totals, lifetime, emit } = parts
  const acceptedMs = clock.now()
  const notYet = { kind: 'later', attempted: false } as const
  if (health.isStalled || received.body.size > maxBytes || index.at(path) !== undefined) return notYet
  const stop = new AbortController()
  using _limit = clock.setTimeout(() => stop.abort(), limitMs)
  const signal = AbortSignal.any([stop.signal, lifetime])
  const sent = new SentBody(received, signal, (count) => totals.sent(count))
  try {
    const base = baseAt(parts, path)
    const there = base === 'unknown' ? base : await look(backend, path, { signal })
    if (typeof there === 'object' && !(typeof base === 'object' && isSameContent(base, there))) return notYet
    const attributes = await backend.write(path, sent.chunks(), { signal })
    if (attributes.size !== received.body.size) throw new AppError('backend-failed', { path })
    promises.forgetWithin(path)
    totals.delivered++
    const { id, size } = received.body
    emit({ type: 'delivered', id, path, size, acceptedMs, atMs: clock.now() })
    return { kind: 'done', attributes }
  } catch (error) {
    const failure = toAppError(sent.failure?.error ?? error)
    if (lifetime.aborted || !isTransient(failure)) throw failure
    return { kind: 'later', attempted: sent.hasEnded && isOpenEnded(failure) }
  }
}
