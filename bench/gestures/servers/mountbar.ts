import { join } from 'node:path'

import { meterFront, meterOperations } from '../call-meter.ts'
import { buildDelayedFront } from '../front/build-front.ts'
import { startDelayedFront } from '../front/start-delayed-front.ts'
import { findDelayfs, startOnDelayfs } from './on-delayfs.ts'
import type { Server, Site } from './server.ts'

/** Our front over a folder, each call to its backend one delay away. */
export const mountbar: Server = {
  id: 'mountbar',
  label: 'Mountbar',
  find: () => Promise.resolve({ kind: 'found', version: 'this work tree' }),
  async start({ rootDir, scratchDir, delayMs }) {
    const front = await startFront(scratchDir, rootDir, delayMs)
    return { url: front.url, meter: meterFront(front), stop: () => front.stop() }
  },
}

/** Our front over the very file system the other servers get: a call to its backend takes several trips there, as it does for them. */
export const mountbarOnDelayfs: Server = {
  id: 'mountbar-delayfs',
  label: 'Mountbar, delayfs',
  find: findDelayfs,
  start: (site: Site) =>
    startOnDelayfs(site, async ({ mountDir, counts }) => {
      const front = await startFront(site.scratchDir, mountDir, 0)
      return {
        url: front.url,
        meter: meterOperations(counts, () => front.delivered(120_000)),
        stop: () => front.stop(),
      }
    }),
}

async function startFront(scratchDir: string, rootDir: string, delayMs: number) {
  const programPath = await buildDelayedFront(join(scratchDir, 'front'))
  return startDelayedFront({ programPath, rootDir, stateDir: join(scratchDir, 'state'), delayMs })
}
