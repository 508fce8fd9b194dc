import { findProgram } from '../../../scripts/debian/find-program.ts'
import { findFreePort } from '../../lib/free-port.ts'
import { startServerProcess } from '../../lib/server-process.ts'
import type { Peer } from './peer.ts'
import { programVersion } from './program-version.ts'

/**
 * `rclone serve webdav` as its manual starts it. It keeps listings for 5 minutes whatever happens to the folder meanwhile,
 * and never calls fsync.
 */
export const rclone: Peer = {
  id: 'rclone',
  label: 'rclone',

  async find() {
    const program = findProgram('rclone')
    return program !== undefined
      ? { kind: 'found', version: await programVersion(program, ['version']) }
      : { kind: 'missing', remedy: 'apt-get install rclone' }
  },

  async start({ rootDir, scratchDir, signal }) {
    const port = await findFreePort()
    const server = await startServerProcess({
      program: findProgram('rclone')!,
      args: [
        ...['serve', 'webdav', rootDir, '--addr', `127.0.0.1:${port}`],
        ...['--config', `${scratchDir}/rclone.conf`, '--cache-dir', `${scratchDir}/cache`],
      ],
      port,
      signal,
    })
    return { ...server, port, basePath: '/' }
  },
}
