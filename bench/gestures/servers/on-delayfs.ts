import { join } from 'node:path'

import type { Peer, Presence } from '../../protocol/peers/peer.ts'
import { buildDelayfs, whyNoDelayfs } from '../delayfs/build-delayfs.ts'
import { mountDelayfs } from '../delayfs/mount-delayfs.ts'
import type { OperationCounts } from '../delayfs/operation-counts.ts'
import type { RunningServer, Site } from './server.ts'

export interface DelayedFolder {
  readonly mountDir: string
  readonly counts: OperationCounts
}

export async function findDelayfs(): Promise<Presence> {
  const remedy = await whyNoDelayfs()
  return remedy === undefined
    ? { kind: 'found', version: 'this work tree, on delayfs' }
    : { kind: 'missing', remedy: `for the delayed file system: ${remedy}` }
}

/** Whether `peer` and a delayed file system for it are there; every package that is not is named. */
export async function findOnDelayfs(peer: Peer): Promise<Presence> {
  const presence = await peer.find()
  const remedies = [presence, await findDelayfs()].flatMap((each) =>
    each.kind === 'missing' ? [each.remedy] : [],
  )
  return remedies.length === 0 ? presence : { kind: 'missing', remedy: remedies.join('; ') }
}

/** Starts a server on a delayed mount of the site's tree. Stopping it ends the server first and then the mount. */
export async function startOnDelayfs(
  site: Site,
  start: (folder: DelayedFolder) => Promise<RunningServer>,
): Promise<RunningServer> {
  const { rootDir, scratchDir, delayMs, signal } = site
  await using cleanup = new AsyncDisposableStack()
  const mountDir = join(scratchDir, 'mount')
  const mount = await mountDelayfs({
    programPath: await buildDelayfs(scratchDir, signal),
    rootDir,
    mountDir,
    countsPath: join(scratchDir, 'counts'),
    delayMs,
  })
  cleanup.defer(() => mount.unmount())
  cleanup.use(mount.counts)
  const server = await start({ mountDir, counts: mount.counts })
  cleanup.defer(() => server.stop())
  const started = cleanup.move()
  return { ...server, stop: () => started.disposeAsync() }
}
