import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Clock } from '../../lib/clock.ts'
import type { Call } from '../vfs/backend.ts'
import type { VfsPath } from '../vfs/path.ts'
import type { Vfs } from '../vfs/vfs.ts'
import type { Target } from './gate/request-target.ts'
import type { LockManager } from './locks/lock-manager.ts'
import type { Manner } from './manner.ts'
import type { RenderedListings } from './properties/rendered-listings.ts'

/** One request on its way to an answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly manner: Manner
  readonly target: Target
  /** Its signal is aborted as soon as the client is gone. */
  readonly call: Call
  /** Reads a `Destination` (or a resource tag of `If`) as `target` was read. @throws HttpRefusal 502 when it is elsewhere. */
  readonly targetOf: (uri: string) => Target
  /** Any path of the drive as it goes into an href, without trailing slash. */
  readonly hrefOf: (path: VfsPath) => string
}

/** What all requests of one front share. */
export interface Dav {
  readonly vfs: Vfs
  readonly locks: LockManager
  readonly clock: Clock
  readonly renderedListings: RenderedListings
}

/** Answers one exchange completely, or rejects before it has written anything. */
export type MethodHandler = (exchange: Exchange, dav: Dav) => Promise<void>
