import { displayPath, type VolumeNode, wirePath } from '../caches/node-tree.ts'
import { parseHttpDate } from '../parser/dates.ts'
import { parseModified } from '../parser/multistatus.ts'
import { checkStatus } from '../requests/check-reply.ts'
import { modifiedProperties, propfind } from '../requests/propfind.ts'
import type { Reply } from '../transport/dav-agent.ts'
import type { VolumeParts } from '../volume-parts.ts'
import { ifHeader } from './locks.ts'

/**
 * Sends the whole cached copy (webdavfs-403: N:4520-4620, 1822-1832). The dirty flag goes BEFORE the PUT, so that nothing is
 * sent again after a failure (V:1578-1587). @throws VolumeError by status.
 */
export async function uploadContent(volume: VolumeParts, node: VolumeNode, thread: string): Promise<void> {
  const { content } = node
  content.isDirty = false
  const request = {
    method: 'PUT',
    path: wirePath(volume.agent.basePath, node),
    headers: ifHeader(node),
    body: Buffer.from(content.bytes()),
  } as const
  const reply = await volume.agent.transact(request, thread)
  checkStatus(reply.status, `PUT ${displayPath(node)}`)
  await noteStored(volume, node, reply, content.length, thread)
}

/** Takes the new version's time from a PUT reply, or asks for it (webdavfs-403: N:4650-4702, F:1160-1164). */
export async function noteStored(
  volume: VolumeParts,
  node: VolumeNode,
  reply: Reply,
  size: number,
  thread: string,
): Promise<void> {
  const path = displayPath(node)
  const nowMs = volume.clock.now()
  const { 'last-modified': lastModified, etag } = reply.headers
  node.content.lastModified = lastModified
  node.content.validatedAtMs = nowMs
  if (lastModified !== undefined) {
    const modifiedSec = parseHttpDate(lastModified)
    node.remember(
      { kind: 'file', size, modifiedSec, createdSec: node.attributes?.createdSec ?? modifiedSec },
      nowMs,
    )
    return
  }
  node.forgetAttributes()
  volume.recorder.event({ kind: 'extra-traffic', path, reason: 'the reply to its PUT has no Last-Modified' })
  if (etag !== undefined) return
  const request = {
    path: wirePath(volume.agent.basePath, node),
    depth: 0,
    properties: modifiedProperties,
  } as const
  // The upload itself has succeeded; without the answer the next open downloads the file.
  node.content.lastModified = await propfind(volume.agent, request, thread, parseModified).catch(
    () => undefined,
  )
}
