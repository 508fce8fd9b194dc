import type { Dav, Exchange } from '../exchange.ts'
import { HttpRefusal } from '../refusal.ts'
import { respondEmpty } from '../respond.ts'

/** UNLOCK (RFC 4918 §9.11). macOS is always right: its locks are nobody's, see `lock.ts`. */
export function unlock(exchange: Exchange, dav: Dav): Promise<void> {
  if (exchange.manner === 'standard') {
    const token = /^\s*<([^<>\s]+)>\s*$/.exec(String(exchange.request.headers['lock-token'] ?? ''))?.[1]
    if (token === undefined) throw new HttpRefusal(400)
    if (!dav.locks.unlock(token, exchange.target.path)) {
      throw new HttpRefusal(409, { precondition: 'lock-token-matches-request-uri' })
    }
  }
  respondEmpty(exchange.response, 204)
  return Promise.resolve()
}
