import type { ServerResponse } from 'node:http'

import { respondEmpty, type FlatHeaders } from '../respond.ts'

export const allowedMethods =
  'OPTIONS, GET, HEAD, PUT, DELETE, MKCOL, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK'

const capabilities: FlatHeaders = [
  'DAV',
  '1, 2, 3',
  'MS-Author-Via',
  'DAV',
  'Allow',
  allowedMethods,
  'Accept-Ranges',
  'bytes',
]

/**
 * OPTIONS: what this server can do. macOS pings with it while it believes the volume is down and mounts read-only
 * without `2` in the `DAV` header, so it answers from memory, always.
 */
export function options(response: ServerResponse): void {
  respondEmpty(response, 200, capabilities)
}
