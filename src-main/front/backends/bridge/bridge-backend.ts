import type { IncomingMessage } from 'node:http'

import { fileRoutes } from '../../../../docker/bridge/api/files.ts'
import { systemClock, type Clock } from '../../../lib/clock.ts'
import type { Attributes, Backend } from '../../vfs/backend.ts'
import { rootPath, type VfsPath } from '../../vfs/path.ts'
import { attributesFrom, readJson, spaceFrom } from './answer.ts'
import type { BridgeAddresses } from './bridge-address.ts'
import { BridgeClient } from './bridge-client.ts'
import { openContent } from './read-content.ts'
import { readDirectory, readRemoval } from './read-directory.ts'
import { sendBody } from './send-body.ts'

export interface BridgeBackend extends Backend, Disposable {}

/**
 * The files of a bridge as a backend. While a bridge is gone, or on its way, calls wait for its address or fail with `stalled`;
 * patience is for the layers above. Disposing it hangs up all connections.
 */
export function createBridgeBackend(
  addresses: BridgeAddresses,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): BridgeBackend {
  const client = new BridgeClient(addresses, clock)
  const get = (route: string, path: VfsPath, query = {}) =>
    ({ path, request: { method: 'GET', route, query: { path: wire(path), ...query } } }) as const

  return {
    list: (path, { signal }) =>
      client.ask({
        ...get(fileRoutes.directory, path),
        signal,
        read: (answer) => readDirectory(answer, path),
      }),
    stat: (path, { signal }) =>
      client.ask({ ...get(fileRoutes.attributes, path), signal, read: readAttributes }),
    read: (path, range, { signal }) =>
      client.ask({
        ...get(fileRoutes.content, path, range),
        signal,
        read: (answer) => openContent(answer, signal),
      }),
    write: (path, body, { signal }) =>
      client.change({
        request: { method: 'PUT', route: fileRoutes.content, query: { path: wire(path) } },
        path,
        signal,
        send: (call) => sendBody(call, body, signal),
        read: readAttributes,
      }),
    makeDirectory: (path, { signal }) =>
      client.change({
        request: { method: 'POST', route: fileRoutes.directory, query: { path: wire(path) } },
        path,
        signal,
        read: readAttributes,
      }),
    move: (from, to, { signal }) =>
      client.change({
        request: { method: 'POST', route: fileRoutes.move, query: { from: wire(from), to: wire(to) } },
        path: to,
        signal,
        read: readAttributes,
      }),
    remove: (path, { signal }) =>
      client.change({
        request: { method: 'DELETE', route: fileRoutes.entry, query: { path: wire(path) } },
        path,
        signal,
        read: (answer) => readRemoval(answer, path),
      }),
    statfs: ({ signal }) =>
      client.ask({
        ...get(fileRoutes.space, rootPath),
        signal,
        read: async (answer) => spaceFrom(await readJson(answer)),
      }),
    [Symbol.dispose]: () => client[Symbol.dispose](),
  }
}

/** Paths on the wire have no slash before them; the drive's root is the empty one. */
function wire(path: VfsPath): string {
  return path.slice(1)
}

async function readAttributes(answer: IncomingMessage): Promise<Attributes> {
  return attributesFrom(await readJson(answer))
}
