import { findProgram } from '../../../scripts/debian/find-program.ts'
import { findFreePort } from '../../lib/free-port.ts'
import { startServerProcess } from '../../lib/server-process.ts'
import type { Peer } from './peer.ts'
import { programVersion } from './program-version.ts'

/** WsgiDAV on Cheroot, its own default server. Debian 12 has no package of it; whatever `wsgidav` is on PATH is taken. */
export const wsgidav: Peer = {
  id: 'wsgidav',
  label: 'wsgidav',

  async find() {
    const program = findProgram('wsgidav')
    return program !== undefined
      ? { kind: 'found', version: await programVersion(program, ['--version']) }
      : {
          kind: 'missing',
          remedy:
            'apt-get install python3-wsgidav where Debian has it (12 has not), or pip install wsgidav cheroot',
        }
  },

  async start({ rootDir, signal }) {
    const port = await findFreePort()
    const server = await startServerProcess({
      program: findProgram('wsgidav')!,
      args: [
        ...['--host', '127.0.0.1', '--port', String(port), '--root', rootDir],
        ...['--auth', 'anonymous', '--server', 'cheroot', '--no-config', '-q'],
      ],
      port,
      signal,
    })
    return { ...server, port, basePath: '/' }
  },
}
