import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { findProgram } from '../../../scripts/debian/find-program.ts'
import { findFreePort } from '../../lib/free-port.ts'
import { startServerProcess } from '../../lib/server-process.ts'
import type { Peer } from './peer.ts'
import { programVersion } from './program-version.ts'

const modulesDir = '/usr/lib/apache2/modules'
const modules = ['mpm_event', 'authz_core', 'dav', 'dav_fs']

/** Apache 2.4 with mod_dav, event MPM as Debian installs it; no log, and connections that may stay open for good. */
export const apache: Peer = {
  id: 'apache',
  label: 'Apache',

  async find() {
    const program = findProgram('apache2')
    return program !== undefined && existsSync(join(modulesDir, 'mod_dav_fs.so'))
      ? { kind: 'found', version: await programVersion(program, ['-v']) }
      : { kind: 'missing', remedy: 'apt-get install apache2' }
  },

  async start({ rootDir, scratchDir, signal }) {
    const port = await findFreePort()
    const configPath = join(scratchDir, 'apache.conf')
    await writeFile(configPath, config({ rootDir, scratchDir, port }))
    const server = await startServerProcess({
      program: findProgram('apache2')!,
      args: ['-f', configPath, '-D', 'FOREGROUND'],
      port,
      signal,
    })
    return { ...server, port, basePath: '/' }
  },
}

function config({
  rootDir,
  scratchDir,
  port,
}: {
  rootDir: string
  scratchDir: string
  port: number
}): string {
  return [
    ...modules.map((name) => `LoadModule ${name}_module ${modulesDir}/mod_${name}.so`),
    `ServerRoot ${scratchDir}`,
    'ServerName 127.0.0.1',
    `Listen 127.0.0.1:${port}`,
    `PidFile ${scratchDir}/apache.pid`,
    `ErrorLog ${scratchDir}/error.log`,
    `DefaultRuntimeDir ${scratchDir}`,
    // Started by root it serves as this user; the folders it writes to are open to all.
    'User www-data',
    'Group www-data',
    'KeepAlive On',
    'MaxKeepAliveRequests 0',
    'KeepAliveTimeout 300',
    `DocumentRoot ${rootDir}`,
    `DavLockDB ${scratchDir}/locks`,
    `<Directory ${rootDir}>`,
    '  Dav On',
    '  Require all granted',
    '</Directory>',
    '',
  ].join('\n')
}
