import { checkLocks } from '../conditions/lock-conditions.ts'
import type { Dav, Exchange } from '../exchange.ts'
import { HttpRefusal } from '../refusal.ts'
import { respondEmpty } from '../respond.ts'

/** MKCOL (RFC 4918 §9.3). No body means anything to us, so any is 415. */
export async function mkcol(exchange: Exchange, dav: Dav): Promise<void> {
  const { request, target } = exchange
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  if (hasBody) throw new HttpRefusal(415)
  await checkLocks(exchange, dav, [{ path: target.path, tree: false, membership: true }])
  await dav.vfs.makeDirectory(target.path, exchange.call)
  respondEmpty(exchange.response, 201)
}
