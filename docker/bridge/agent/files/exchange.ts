import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Clock } from '../../lib/clock.ts'
import type { BufferPool } from './buffer-pool.ts'
import type { Lane } from './lane.ts'
import type { Query } from './query.ts'
import { Task } from './task.ts'
import type { Tree } from './tree.ts'

/** What the service is made of, beside the files. */
export interface ServiceParts {
  readonly tree: Tree
  readonly pool: BufferPool
  readonly clock: Clock
  /** `getfattr`. */
  readonly statusProgram: string
}

/** One authorised request. Whoever handles it ends the response, or throws before it has begun. */
export interface Exchange extends ServiceParts {
  readonly query: Query
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Aborted when the client hangs up or calls the request off. */
  readonly signal: AbortSignal
}

export function taskOf({ signal }: Exchange, lane: Lane): Task {
  return new Task(lane, signal)
}
