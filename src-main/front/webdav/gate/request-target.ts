import { timingSafeEqual } from 'node:crypto'

import { parsePath, type VfsPath } from '../../vfs/path.ts'
import { encodePath } from '../href.ts'
import { HttpRefusal } from '../refusal.ts'

/** What a request is about. */
export interface Target {
  readonly path: VfsPath
  /** The path as it goes into hrefs: with the secret segment, percent-encoded, no trailing slash. */
  readonly href: string
  readonly hasTrailingSlash: boolean
}

/**
 * Reads `/<secret>/path?query` into a target. The decoded path keeps the form in which the client sent it: macOS tells parents from
 * children by comparing lengths, so hrefs must come back with the very same characters.
 * @throws HttpRefusal 404 without the right secret, 400 for broken percent-encoding, characters that no URI holds, or a fragment; AppError as `parsePath`.
 */
export function readTarget(pathAndQuery: string, pathSecret: string): Target {
  // A fragment is never sent by an honest client, and cutting it off could turn `DELETE /a/#b` into `DELETE /a/`.
  if (pathAndQuery.includes('#')) throw new HttpRefusal(400)
  // Raw spaces, control characters and bytes above ASCII are no part of a URI; Node would read the latter as Latin-1.
  if (!/^[!-~]*$/.test(pathAndQuery)) throw new HttpRefusal(400)
  const queryAt = pathAndQuery.indexOf('?')
  const path = queryAt === -1 ? pathAndQuery : pathAndQuery.slice(0, queryAt)
  const secretEnd = pathSecret.length + 1
  const behind = path.charCodeAt(secretEnd)
  const slash = 0x2f
  if (path.charCodeAt(0) !== slash || !(Number.isNaN(behind) || behind === slash)) throw new HttpRefusal(404)
  if (!sameSecret(path.slice(1, secretEnd), pathSecret)) throw new HttpRefusal(404)
  const vfsPath = parsePath(decodePath(path.slice(secretEnd)))
  return { path: vfsPath, href: `/${pathSecret}${encodePath(vfsPath)}`, hasTrailingSlash: path.endsWith('/') }
}

/** Constant time, so that the secret cannot be found digit by digit. */
function sameSecret(given: string, secret: string): boolean {
  const givenBytes = Buffer.from(given)
  const secretBytes = Buffer.from(secret)
  return givenBytes.length === secretBytes.length && timingSafeEqual(givenBytes, secretBytes)
}

function decodePath(path: string): string {
  if (!path.includes('%')) return path
  // An encoded slash would become a separator only after decoding: two readings of one path, so it is no path at all.
  if (/%2f/i.test(path)) throw new HttpRefusal(403)
  try {
    return decodeURIComponent(path)
  } catch (cause) {
    throw new HttpRefusal(400, { cause })
  }
}
