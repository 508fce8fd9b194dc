import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Logger } from '../../../src-main/lib/logger.ts'
import { startFront } from '../../../src-main/services/fronts/start-front.ts'
import type { Peer } from './peer.ts'

export interface MountbarOptions {
  /** The built front; `undefined` when there is none. */
  readonly entryPath: string | undefined
  readonly durable: boolean
}

/**
 * Our front, started by the service that starts it for users and with the defaults it has for them. One column serves all
 * rows; a second, which does not fsync, only those that compare writing with servers that do not either.
 */
export function mountbar({ entryPath, durable }: MountbarOptions): Peer {
  return {
    id: durable ? 'mountbar' : 'mountbar-no-fsync',
    label: durable ? 'Mountbar' : 'Mountbar, no fsync',

    find() {
      return Promise.resolve(
        entryPath !== undefined
          ? { kind: 'found', version: 'this work tree' }
          : { kind: 'missing', remedy: 'npm run build' },
      )
    },

    async start({ rootDir, scratchDir, signal }) {
      if (entryPath === undefined) throw new Error('the front is not built: npm run build')
      const stateDir = join(scratchDir, 'state')
      await mkdir(stateDir, { mode: 0o700 })
      const front = await startFront({
        entryPath,
        config: {
          driveId: 'bench',
          driveName: 'Bench',
          port: 0,
          pathSecret: randomBytes(16).toString('hex'),
          backend: { kind: 'local', rootDir, durable },
          // Like the others, which answer when the file is in its place; the queue's own speed is the gestures' business.
          writeMode: 'write-through',
          diskReserveBytes: 0,
          stateDir,
        },
        log: silentLog,
        signal,
        timeoutMs: 20_000,
      })
      const { pathname } = new URL(front.url)
      const basePath = pathname.endsWith('/') ? pathname : `${pathname}/`
      return { pid: front.pid, port: front.port, basePath, stop: () => front.stop() }
    },
  }
}

const ignore = () => undefined
const silentLog: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
