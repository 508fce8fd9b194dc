import { checkLocks } from '../conditions/lock-conditions.ts'
import type { Dav, Exchange } from '../exchange.ts'
import { HttpRefusal } from '../refusal.ts'
import { respondEmpty } from '../respond.ts'
import { readTransfer, withOverwriteRefusal } from './transfer.ts'

/** COPY (RFC 4918 §9.8). macOS never sends it: its Duplicate is a download and an upload. */
export async function copy(exchange: Exchange, dav: Dav): Promise<void> {
  const { to, overwrite } = readTransfer(exchange)
  const depth = readDepth(exchange)
  await checkLocks(exchange, dav, [{ path: to.path, tree: true, membership: true }])
  const { created } = await withOverwriteRefusal(
    dav.vfs.copy(exchange.target.path, to.path, { overwrite, depth }, exchange.call),
  )
  respondEmpty(exchange.response, created ? 201 : 204, created ? ['Location', to.href] : [])
}

function readDepth(exchange: Exchange): 0 | 'infinity' {
  const { depth = 'infinity' } = exchange.request.headers
  const text = String(depth).toLowerCase()
  if (text !== '0' && text !== 'infinity') throw new HttpRefusal(400)
  return text === '0' ? 0 : 'infinity'
}
