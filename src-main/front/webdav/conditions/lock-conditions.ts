import { etagOf } from '../../vfs/vfs.ts'
import type { VfsPath } from '../../vfs/path.ts'
import { currentNode } from '../current-node.ts'
import type { Dav, Exchange } from '../exchange.ts'
import { guardLocks, type Change } from '../locks/lock-guard.ts'
import { HttpRefusal } from '../refusal.ts'
import { hasConditions, judgeConditions } from './http-conditions.ts'
import { parseIfHeader, submittedTokens, type ConditionList } from './if-header.ts'

/**
 * Holds a request that changes something against its conditions (RFC 9110 §13), its `If` header and the locks that stand.
 * macOS is let through: its agent loses tokens after a failed refresh and after sleep, merges `If` headers, opens files without
 * locking them, and throws the refusal of the PUT that follows away, so a strict answer would be a lost save.
 * @throws HttpRefusal 412 when a condition or all lists of `If` fail, 423 when a lock's token is missing, 400 for a malformed header.
 */
export async function checkLocks(exchange: Exchange, dav: Dav, changes: readonly Change[]): Promise<void> {
  if (exchange.manner === 'macos') return
  const { headers } = exchange.request
  if (hasConditions(headers)) {
    const verdict = judgeConditions(headers, await currentNode(exchange.target.path, exchange, dav), false)
    if (verdict !== 'go-on') throw new HttpRefusal(412)
  }
  const lists = await checkIfHeader(exchange, dav)
  const submitted = submittedTokens(lists)
  for (const change of changes) guardLocks(dav.locks, submitted, change, exchange.hrefOf)
}

/** Evaluates `If` alone and returns its lists, none when there is no such header. @throws as `checkLocks`. */
export async function checkIfHeader(exchange: Exchange, dav: Dav): Promise<readonly ConditionList[]> {
  const header = exchange.request.headers.if
  if (typeof header !== 'string') return []
  const lists = parseIfHeader(header)
  for (const list of lists) if (await holds(list, exchange, dav)) return lists
  throw new HttpRefusal(412)
}

async function holds(list: ConditionList, exchange: Exchange, dav: Dav): Promise<boolean> {
  const path = list.resource === undefined ? exchange.target.path : exchange.targetOf(list.resource).path
  for (const { not, kind, value } of list.conditions) {
    const is =
      kind === 'token'
        ? dav.locks.covering(path).some((lock) => lock.token === value)
        : (await currentEtag(path, exchange, dav)) === value
    if (is === not) return false
  }
  return true
}

async function currentEtag(path: VfsPath, exchange: Exchange, dav: Dav): Promise<string | undefined> {
  const node = await currentNode(path, exchange, dav)
  return node === undefined ? undefined : etagOf(node)
}
