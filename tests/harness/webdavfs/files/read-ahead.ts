import { displayPath, type VolumeNode, wirePath } from '../caches/node-tree.ts'
import { maxRangeBytes } from '../limits.ts'
import { checkStatus } from '../requests/check-reply.ts'
import type { Reply } from '../transport/dav-agent.ts'
import type { VolumeParts } from '../volume-parts.ts'

/**
 * A read far ahead of the download: a `GET` of exactly the wanted bytes (webdavfs-403: V:64, 2129-2140, N:5676). Whatever a 2xx brings, its
 * first bytes are taken for the answer, and the full length is copied to the program (N:5682-5693, V:1999). @throws VolumeError
 */
export async function readAhead(
  volume: VolumeParts,
  node: VolumeNode,
  offset: number,
  length: number,
): Promise<Buffer> {
  const path = displayPath(node)
  const count = Math.min(length, maxRangeBytes)
  const headers = { Range: `bytes=${offset}-${offset + count - 1}` }
  const reply = await volume.calls.call(
    'read',
    path,
    async (thread) => {
      const request = { method: 'GET', path: wirePath(volume.agent.basePath, node), headers } as const
      const reply = await volume.agent.transact(request, thread.name)
      checkStatus(reply.status, `GET ${path} ${headers.Range}`)
      return reply
    },
    'for ever',
  )
  const reason = unlikeTheRange(reply, offset, count)
  if (reason !== undefined) volume.recorder.event({ kind: 'corruption', path, reason })
  const bytes = Buffer.alloc(count)
  reply.body.copy(bytes)
  return bytes
}

function unlikeTheRange(reply: Reply, offset: number, count: number): string | undefined {
  if (reply.status !== 206)
    return `${reply.status} to a Range request: its first bytes were taken for those at ${offset}`
  const range = /^bytes (\d+)-(\d+)\//.exec(reply.headers['content-range'] ?? '')
  if (Number(range?.[1]) !== offset) return `206 from byte ${range?.[1] ?? '?'} taken for byte ${offset}`
  if (reply.body.length < count)
    return `206 with ${reply.body.length} of ${count} bytes: the rest is not the file's`
  return undefined
}
