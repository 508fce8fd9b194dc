import type { Clock } from '../../../lib/clock.ts'
import { createEmitter, type Emitter } from '../../../lib/event.ts'
import type { Backend } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import { PathClaims } from '../path-claims.ts'
import type { Health } from '../patience/health.ts'
import { PendingIndex } from './pending-index.ts'
import { PromisedAttributes } from './promised-attributes.ts'
import { defaultLimits, type UploadLimits } from './refusals.ts'
import { Totals } from './totals.ts'
import type { BaseVersion, UploadEvent } from './upload.ts'
import type { DurableStep, UploadStore } from './upload-store.ts'

export interface UploadQueueOptions {
  /** Stays the caller's, who disposes it after the queue. */
  readonly store: UploadStore
  /** Where uploads go, with deadlines. Its lookups are best made patient above the queue, so that deliveries do not wait twice. */
  readonly backend: Backend
  /** While the backend is stalled, deliveries go one at a time; when it recovers, all that wait are tried. */
  readonly health: Pick<Health, 'isStalled' | 'recoveries'>
  readonly clock: Clock
  /** `write-through`: a write is answered when the backend has it. */
  readonly mode: 'queued' | 'write-through'
  /** Stands in the names of files kept because of a conflict. */
  readonly hostName: string
  /** What the front last told clients about a path, however long ago; never asks anybody. */
  readonly knownAt: (path: VfsPath) => BaseVersion
  /** What is at `path` is no longer what clients were told, by no doing of theirs. */
  readonly onChanged: (path: VfsPath) => void
  readonly limits?: Partial<UploadLimits>
  /** 0 to 1, as `Math.random`. */
  readonly random?: () => number
  readonly onStep?: ((step: DurableStep) => void) | undefined
}

/** What the parts of one queue share. */
export interface QueueParts extends Omit<UploadQueueOptions, 'limits' | 'random' | 'onStep'> {
  readonly limits: UploadLimits
  readonly random: () => number
  readonly onStep: (step: DurableStep) => void
  readonly emit: (event: UploadEvent) => void
  /** Something may have left the queue: whoever waits for it to be empty looks again. */
  readonly noteProgress: () => void
  readonly index: PendingIndex
  readonly promises: PromisedAttributes
  readonly totals: Totals
  /** Changes that clients make meet here: those to one path or tree go one after the other. */
  readonly changes: PathClaims
  /** Deliveries meet whatever changes the tree below them here. Taken after `changes`, never before. */
  readonly deliveries: PathClaims
  /**
   * Paths at which an accepted body is just being made durable: it is about to become the newest there, and what is decided of the path must
   * know. To be waited for in a loop that looks in the very turn in which it is decided: one may begin within any `await`.
   */
  readonly accepting: Map<VfsPath, Promise<unknown>>
  /** Fires when whatever waits in a pause is best tried now. */
  readonly wakes: Emitter<undefined>
  /** Ends everything with the queue. */
  readonly lifetime: AbortSignal
}

export function makeParts(
  options: UploadQueueOptions,
  own: Pick<QueueParts, 'emit' | 'noteProgress' | 'lifetime'>,
): QueueParts {
  const { store, clock, limits, random, onStep } = options
  return {
    ...options,
    limits: { ...defaultLimits, ...limits },
    random: random ?? Math.random,
    onStep: onStep ?? (() => undefined),
    ...own,
    index: new PendingIndex(),
    promises: new PromisedAttributes(store.delivered()),
    totals: new Totals(clock),
    changes: new PathClaims(clock),
    deliveries: new PathClaims(clock),
    accepting: new Map(),
    wakes: createEmitter(),
  }
}
