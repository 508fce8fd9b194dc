import { checkLocks } from '../conditions/lock-conditions.ts'
import type { Dav, Exchange } from '../exchange.ts'
import { HttpRefusal } from '../refusal.ts'
import { respondEmpty } from '../respond.ts'

/** DELETE (RFC 4918 §9.6). A directory goes with all that is in it; the drive's root never does. */
export async function deleteResource(exchange: Exchange, dav: Dav): Promise<void> {
  const { path } = exchange.target
  if (path === '/') throw new HttpRefusal(403)
  // Deleting only the directory and not its members is no operation there is (§9.6.1).
  if (exchange.manner === 'standard' && !['infinity', undefined].includes(depthOf(exchange)))
    throw new HttpRefusal(400)
  await checkLocks(exchange, dav, [{ path, tree: true, membership: true }])
  await dav.vfs.remove(path, exchange.call)
  dav.locks.forget(path)
  respondEmpty(exchange.response, 204)
}

function depthOf(exchange: Exchange): string | undefined {
  const { depth } = exchange.request.headers
  return typeof depth === 'string' ? depth.toLowerCase() : undefined
}
