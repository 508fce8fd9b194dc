import { apache as apacheServer } from '../../protocol/peers/apache.ts'
import { nginx as nginxServer } from '../../protocol/peers/nginx.ts'
import type { Peer } from '../../protocol/peers/peer.ts'
import { meterOperations } from '../call-meter.ts'
import { findOnDelayfs, startOnDelayfs } from './on-delayfs.ts'
import type { Server } from './server.ts'

/** Apache's mod_dav; keeps nothing back. */
export const apache: Server = onDelayfs('apache', 'Apache mod_dav', apacheServer)

/** nginx with dav-ext; keeps nothing back. */
export const nginx: Server = onDelayfs('nginx', 'nginx dav-ext', nginxServer)

/** A server that works on the folder itself, with the settings the protocol bench has for it. */
function onDelayfs(id: Server['id'], label: string, peer: Peer): Server {
  return {
    id,
    label,
    find: () => findOnDelayfs(peer),
    start: (site) =>
      startOnDelayfs(site, async ({ mountDir, counts }) => {
        const { scratchDir, signal } = site
        const server = await peer.start({ rootDir: mountDir, scratchDir, signal })
        const url = `http://127.0.0.1:${server.port}${server.basePath}`
        return { url, meter: meterOperations(counts, () => Promise.resolve()), stop: () => server.stop() }
      }),
  }
}
