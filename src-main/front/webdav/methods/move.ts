import { checkLocks } from '../conditions/lock-conditions.ts'
import type { Dav, Exchange } from '../exchange.ts'
import { HttpRefusal } from '../refusal.ts'
import { respondEmpty } from '../respond.ts'
import { readTransfer, withOverwriteRefusal } from './transfer.ts'

/** MOVE (RFC 4918 §9.9). */
export async function move(exchange: Exchange, dav: Dav): Promise<void> {
  const { depth } = exchange.request.headers
  if (exchange.manner === 'standard' && depth !== undefined && String(depth).toLowerCase() !== 'infinity') {
    throw new HttpRefusal(400)
  }
  const { to, overwrite } = readTransfer(exchange)
  const from = exchange.target
  await checkLocks(exchange, dav, [
    { path: from.path, tree: true, membership: true },
    { path: to.path, tree: true, membership: true },
  ])
  const { created } = await withOverwriteRefusal(dav.vfs.move(from.path, to.path, overwrite, exchange.call))
  dav.locks.forget(from.path)
  respondEmpty(exchange.response, created ? 201 : 204, created ? ['Location', to.href] : [])
}
