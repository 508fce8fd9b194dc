import { Agent } from 'node:http'

import { pooledStreams } from '../limits.ts'

/** One connection to the server. Exactly one of `keep` and `drop` ends its use. */
export interface Stream {
  readonly agent: Agent
  /** The reply was read to its end: the connection may serve the next request. */
  keep(): void
  /** The reply was given up: the connection is closed, mid-body if need be. */
  drop(): void
}

interface Slot {
  readonly tag: number
  agent: Agent
  busy: boolean
}

/**
 * Six keep-alive connections with a tag each, so that a transaction gets one of its own and the same one again
 * (webdavfs-403: N:93, 1421-1443). Uploads in sequential mode get a connection outside it (N:4031).
 */
export class StreamPool {
  readonly #slots: Slot[] = Array.from({ length: pooledStreams }, (_, tag) => ({
    tag,
    agent: keepAlive(),
    busy: false,
  }))

  /** A pooled connection, or one outside the pool when all six are in use. */
  acquire(): Stream {
    const slot = this.#slots.find((one) => !one.busy)
    if (slot === undefined) return this.unpooled()
    slot.busy = true
    return {
      agent: slot.agent,
      keep: () => void (slot.busy = false),
      drop: () => {
        slot.agent.destroy()
        slot.agent = keepAlive()
        slot.busy = false
      },
    }
  }

  unpooled(): Stream {
    const agent = keepAlive()
    const close = (): void => agent.destroy()
    return { agent, keep: close, drop: close }
  }

  close(): void {
    for (const slot of this.#slots) slot.agent.destroy()
  }
}

function keepAlive(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 })
}
