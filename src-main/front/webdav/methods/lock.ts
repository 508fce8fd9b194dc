import { randomUUID } from 'node:crypto'

import { readTextBody } from '../body/xml-body.ts'
import { checkIfHeader, checkLocks } from '../conditions/lock-conditions.ts'
import { submittedTokens } from '../conditions/if-header.ts'
import { currentNode } from '../current-node.ts'
import type { Dav, Exchange } from '../exchange.ts'
import type { Lock } from '../locks/lock-manager.ts'
import { readLockDepth, readLockInfo, readTimeout } from '../locks/lock-request.ts'
import { lockAnswerXml } from '../locks/lock-xml.ts'
import { HttpRefusal } from '../refusal.ts'
import { respondXml } from '../respond.ts'
import { singleHeader } from '../single-header.ts'

/** LOCK (RFC 4918 §9.10): a new lock with a body, a renewal without one. */
export async function lock(exchange: Exchange, dav: Dav): Promise<void> {
  const body = await readTextBody(exchange)
  if (exchange.manner === 'macos') grantWithoutMemory(exchange, body)
  else if (body === '') await refresh(exchange, dav)
  else await acquire(exchange, dav, body)
}

/**
 * macOS gets whatever lock it asks for and every renewal, and nobody remembers: one user, one Mac, and a refused lock
 * only makes saves fail. It reads the token from the body; without one there it reports "permission denied".
 */
function grantWithoutMemory(exchange: Exchange, body: string): void {
  const { headers } = exchange.request
  const renewed = /<([^<>\s]+)>/.exec(typeof headers.if === 'string' ? headers.if : '')?.[1]
  const token = body === '' && renewed !== undefined ? renewed : `opaquelocktoken:${randomUUID()}`
  answer(exchange, 200, {
    token,
    scope: 'exclusive',
    depth: 0,
    ownerXml: '',
    timeoutSec: readTimeout(singleHeader(headers.timeout)),
    rootHref: exchange.target.href,
  })
}

async function refresh(exchange: Exchange, dav: Dav): Promise<void> {
  const { headers } = exchange.request
  if (headers.if === undefined) throw new HttpRefusal(400)
  const [token] = submittedTokens(await checkIfHeader(exchange, dav))
  const timeoutSec = readTimeout(singleHeader(headers.timeout))
  const renewed = token === undefined ? undefined : dav.locks.refresh(token, exchange.target.path, timeoutSec)
  if (renewed === undefined) throw new HttpRefusal(412, { precondition: 'lock-token-matches-request-uri' })
  answer(exchange, 200, renewed)
}

async function acquire(exchange: Exchange, dav: Dav, body: string): Promise<void> {
  const { target } = exchange
  const { headers } = exchange.request
  const info = readLockInfo(body)
  const depth = readLockDepth(singleHeader(headers.depth))
  // A lock on a name without a file makes an empty file (RFC 4918 §7.3), which is a change of the parent.
  const isNew = (await currentNode(target.path, exchange, dav)) === undefined
  await checkLocks(exchange, dav, isNew ? [{ path: target.path, tree: false, membership: true }] : [])

  const timeoutSec = readTimeout(singleHeader(headers.timeout))
  const result = dav.locks.lock({ ...info, depth, path: target.path, rootHref: target.href, timeoutSec })
  if (!('granted' in result)) throw conflictRefusal(exchange, result.conflict)
  try {
    if (isNew) await dav.vfs.write(target.path, emptyBody(), exchange.call)
  } catch (error) {
    dav.locks.unlock(result.granted.token, target.path)
    throw error
  }
  answer(exchange, isNew ? 201 : 200, result.granted)
}

// eslint-disable-next-line @typescript-eslint/require-await -- an empty stream has nothing to wait for
async function* emptyBody(): AsyncGenerator<Uint8Array, void> {
  yield* []
}

function answer(exchange: Exchange, status: 200 | 201, held: Parameters<typeof lockAnswerXml>[0]): void {
  respondXml(exchange.response, status, lockAnswerXml(held), ['Lock-Token', `<${held.token}>`])
}

function conflictRefusal(exchange: Exchange, conflict: Lock | undefined): HttpRefusal {
  const where = conflict === undefined ? {} : { href: exchange.hrefOf(conflict.path) }
  return new HttpRefusal(423, { precondition: 'no-conflicting-lock', ...where })
}
