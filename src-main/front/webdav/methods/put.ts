import { parentOf } from '../../vfs/path.ts'
import { etagOf } from '../../vfs/vfs.ts'
import { readFileBody } from '../body/file-body.ts'
import { checkLocks } from '../conditions/lock-conditions.ts'
import { currentNode } from '../current-node.ts'
import { httpDate } from '../dates.ts'
import type { Dav, Exchange } from '../exchange.ts'
import { HttpRefusal } from '../refusal.ts'
import { respondEmpty } from '../respond.ts'

/**
 * PUT (RFC 9110 §9.3.4). The answer carries `ETag` and `Last-Modified`: without either macOS asks once more, and without the latter
 * it forgets what it knows of the file.
 */
export async function put(exchange: Exchange, dav: Dav): Promise<void> {
  const { request, response, target, call } = exchange
  if (target.hasTrailingSlash) throw new HttpRefusal(405)
  await checkLocks(exchange, dav, [
    { path: target.path, tree: false, membership: await addsMember(exchange, dav) },
  ])
  const { chunks, expectedBytes } = readFileBody(request, response, dav.clock)
  const { node, created } = await dav.vfs.write(target.path, chunks, { ...call, expectedBytes })
  respondEmpty(response, created ? 201 : 204, [
    'ETag',
    etagOf(node),
    'Last-Modified',
    httpDate(node.lastModifiedSec),
  ])
}

/** Whether a new name appears in the parent. Asked only where a lock on the parent makes it matter. */
async function addsMember(exchange: Exchange, dav: Dav): Promise<boolean> {
  const { path } = exchange.target
  if (dav.locks.covering(parentOf(path)).length === 0) return false
  return (await currentNode(path, exchange, dav)) === undefined
}
