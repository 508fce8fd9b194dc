import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { findProgram } from '../../../scripts/debian/find-program.ts'
import { findFreePort } from '../../lib/free-port.ts'
import { startServerProcess } from '../../lib/server-process.ts'
import type { Peer } from './peer.ts'
import { programVersion } from './program-version.ts'

const davModulePath = '/usr/lib/nginx/modules/ngx_http_dav_ext_module.so'

/** nginx with dav-ext: as many workers as Debian gives it, sendfile, no log, connections that may stay open for good. */
export const nginx: Peer = {
  id: 'nginx',
  label: 'nginx',

  async find() {
    const program = findProgram('nginx')
    return program !== undefined && existsSync(davModulePath)
      ? { kind: 'found', version: await programVersion(program, ['-v']) }
      : { kind: 'missing', remedy: 'apt-get install nginx-light libnginx-mod-http-dav-ext' }
  },

  async start({ rootDir, scratchDir, signal }) {
    const port = await findFreePort()
    const configPath = join(scratchDir, 'nginx.conf')
    await mkdir(join(scratchDir, 'bodies'), { mode: 0o777 })
    await writeFile(configPath, config({ rootDir, scratchDir, port }))
    const server = await startServerProcess({
      program: findProgram('nginx')!,
      args: ['-p', scratchDir, '-e', 'error.log', '-c', configPath],
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
  return `
load_module ${davModulePath};
daemon off;
user www-data;
worker_processes auto;
pid ${scratchDir}/nginx.pid;
events { worker_connections 768; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 300;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  client_body_temp_path ${scratchDir}/bodies;
  dav_ext_lock_zone zone=locks:10m;
  server {
    listen 127.0.0.1:${port};
    root ${rootDir};
    location / {
      dav_methods PUT DELETE MKCOL COPY MOVE;
      dav_ext_methods PROPFIND OPTIONS LOCK UNLOCK;
      dav_ext_lock zone=locks;
    }
  }
}
`
}
