import { z } from 'zod'

import { findProgram } from '../../../scripts/debian/find-program.ts'
import { waitFor } from '../../../tests/harness/wait-for.ts'
import { findFreePort } from '../../lib/free-port.ts'
import { startServerProcess } from '../../lib/server-process.ts'
import { rclone as plainRclone } from '../../protocol/peers/rclone.ts'
import { meterOperations } from '../call-meter.ts'
import { findOnDelayfs, startOnDelayfs } from './on-delayfs.ts'
import type { Server } from './server.ts'

/** Its uploads begin 5 s after a file was closed. */
const deliveryLimitMs = 120_000

const statsSchema = z.object({
  diskCache: z.object({ uploadsInProgress: z.number(), uploadsQueued: z.number() }),
})

/**
 * `rclone serve webdav --vfs-cache-mode full`: reads and writes go through files in a cache on the local disk and are uploaded
 * behind the client's back, as ours are; without fsync.
 */
export const rclone: Server = {
  id: 'rclone',
  label: 'rclone, vfs cache full',
  find: () => findOnDelayfs(plainRclone),
  start: (site) =>
    startOnDelayfs(site, async ({ mountDir, counts }) => {
      const { scratchDir, signal } = site
      const port = await findFreePort()
      const controlPort = await findFreePort()
      const server = await startServerProcess({
        program: findProgram('rclone')!,
        args: [
          ...['serve', 'webdav', mountDir, '--addr', `127.0.0.1:${port}`, '--vfs-cache-mode', 'full'],
          ...['--config', `${scratchDir}/rclone.conf`, '--cache-dir', `${scratchDir}/cache`],
          ...['--rc', '--rc-no-auth', '--rc-addr', `127.0.0.1:${controlPort}`],
        ],
        port,
        signal,
      })
      return {
        url: `http://127.0.0.1:${port}/`,
        meter: meterOperations(counts, () => delivered(controlPort)),
        stop: () => server.stop(),
      }
    }),
}

async function delivered(controlPort: number): Promise<void> {
  await waitFor(
    async () => {
      const answer = await fetch(`http://127.0.0.1:${controlPort}/vfs/stats`, { method: 'POST' })
      const { diskCache } = statsSchema.parse(await answer.json())
      return diskCache.uploadsInProgress + diskCache.uploadsQueued === 0
    },
    { what: 'rclone to upload what it keeps', limitMs: deliveryLimitMs, everyMs: 100 },
  )
}
