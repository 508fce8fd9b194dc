import { setTimeout as sleep } from 'node:timers/promises'

import { HttpClient } from '../../lib/http-client.ts'
import { readTreeUsage } from '../../lib/process-tree.ts'
import { macosUserAgent } from '../user-agents.ts'
import { listingPath } from '../workspace.ts'
import { onOneFront, type Measurement } from './measurement.ts'
import { buildListing, list } from './propfind.ts'

const settleMs = 1_000

/** A server of its own that has done nothing yet: its memory at rest, and what listing 10,000 files for the first time takes. */
export const freshServer: Measurement = {
  name: 'fresh server',
  rows: ['rss-idle', 'propfind-10000-first', 'propfind-10000-rss'],
  appliesTo: onOneFront,
  maxRounds: 3,

  async measure({ peer }, { workspace, signal }) {
    const scratchDir = await workspace.makeScratchDir(`${peer.id}-fresh`)
    const server = await peer.start({ rootDir: workspace.rootDir, scratchDir, signal })
    try {
      await sleep(settleMs, undefined, { signal })
      const idle = readTreeUsage(server.pid)
      using client = await HttpClient.open(server.port, signal)
      const request = buildListing(server, listingPath(10_000, 0), macosUserAgent)
      const first = await list(client, request)
      // Once more, for what is kept to answer it again; folder views ask more than once anyway.
      await list(client, request)
      return [
        { row: 'rss-idle', value: idle.residentBytes / 1e6 },
        { row: 'propfind-10000-first', value: first.ms },
        { row: 'propfind-10000-rss', value: readTreeUsage(server.pid).peakResidentBytes / 1e6 },
      ]
    } finally {
      await server.stop()
    }
  },
}
