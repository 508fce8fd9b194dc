import type { Timer } from '../../../../src-main/lib/clock.ts'
import { displayPath, type HeldLock, type VolumeNode, wirePath } from '../caches/node-tree.ts'
import { VolumeError } from '../errno.ts'
import { lockRefreshMs } from '../limits.ts'
import { parseLockToken } from '../parser/lock-reply.ts'
import { checkWhole, parsed } from '../requests/check-reply.ts'
import type { HttpRequest } from '../transport/http-exchange.ts'
import type { VolumeParts } from '../volume-parts.ts'

const lockBody = `<?xml version="1.0" encoding="utf-8"?>
<D:lockinfo xmlns:D="DAV:">
<D:lockscope><D:exclusive/></D:lockscope>
<D:locktype><D:write/></D:locktype>
<D:owner>
<D:href>http://www.apple.com/webdav_fs/</D:href>
</D:owner>
</D:lockinfo>
`

/** The `If` of a request on `node`; none once the token is lost. */
export function ifHeader(node: VolumeNode): Record<string, string> {
  return node.lock?.token === undefined ? {} : { If: `(<${node.lock.token}>)` }
}

/** The token of the last lock on `node` or below it. */
export function lastTokenWithin(node: VolumeNode): string | undefined {
  const below = [...node.children.values()].map(lastTokenWithin).filter((token) => token !== undefined)
  return below.at(-1) ?? node.lock?.token
}

/**
 * Takes an exclusive write lock and refreshes it every 300 s (webdavfs-403: N:5209-5299, Q:555-557).
 * @throws VolumeError EBUSY for 423 and 207, EPERM when the reply's body has no token, or by status.
 */
export async function lockNode(volume: VolumeParts, node: VolumeNode, thread: string): Promise<void> {
  const what = `LOCK ${displayPath(node)}`
  const headers = { Depth: '0', Timeout: 'Second-600', 'Content-Type': 'text/xml; charset="utf-8"' }
  const reply = await volume.agent.transact(lockRequest(volume, node, headers, lockBody), thread)
  checkWhole(reply, what)
  const token = parsed(reply, what, parseLockToken)
  if (token === undefined) throw new VolumeError('EPERM', `${what}: no token in the body`, reply.status)

  let timer: Timer | undefined
  const lock: HeldLock = { token, stopRefreshing: () => timer?.[Symbol.dispose]() }
  const refreshLater = (): void => {
    if (node.lock !== lock) return
    timer = volume.clock
      .setTimeout(() => void refreshLock(volume, node, lock).then(refreshLater), lockRefreshMs)
      .unref()
  }
  node.lock = lock
  refreshLater()
}

/** Gives the lock back; what the server says to it changes nothing. */
export async function unlockNode(volume: VolumeParts, node: VolumeNode, thread: string): Promise<void> {
  const { lock } = node
  if (lock === undefined) return
  node.lock = undefined
  lock.stopRefreshing()
  if (lock.token === undefined) return
  await volume.agent.transact(
    {
      method: 'UNLOCK',
      path: wirePath(volume.agent.basePath, node),
      headers: { 'Lock-Token': `<${lock.token}>` },
    },
    thread,
  )
}

/** A refresh that fails loses the token; only success, or a reply that cannot be parsed, brings it back (webdavfs-403: N:5254). */
async function refreshLock(volume: VolumeParts, node: VolumeNode, lock: HeldLock): Promise<void> {
  if (lock.token === undefined) return
  const headers = { ...ifHeader(node), Timeout: 'Second-600', 'Content-Type': 'text/xml; charset="utf-8"' }
  const { token } = lock
  lock.token = undefined
  try {
    if (!volume.agent.link.isUp) throw new VolumeError('ETIMEDOUT', 'the volume is down')
    const reply = await volume.agent.transact(lockRequest(volume, node, headers), 'pulse')
    checkWhole(reply, 'LOCK')
    lock.token = token
  } catch {
    volume.recorder.event({ kind: 'lock-lost', path: displayPath(node) })
  }
}

function lockRequest(
  volume: VolumeParts,
  node: VolumeNode,
  headers: Record<string, string>,
  body?: string,
): HttpRequest {
  const path = wirePath(volume.agent.basePath, node)
  return { method: 'LOCK', path, headers, ...(body === undefined ? {} : { body }) }
}
