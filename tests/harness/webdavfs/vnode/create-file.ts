import { type VolumeNode, wirePath } from '../caches/node-tree.ts'
import { isVolumeError, VolumeError } from '../errno.ts'
import { parseHttpDate } from '../parser/dates.ts'
import { checkStatus } from '../requests/check-reply.ts'
import type { Reply } from '../transport/dav-agent.ts'
import type { VolumeParts } from '../volume-parts.ts'
import { type LookupResult, type Place } from './lookup.ts'
import { changedDirectory } from './changed-directory.ts'

/**
 * Makes an empty file: a PUT without body and without `If` (webdavfs-403: F:717, N:3763). `absence` is what the look-up found; when
 * that was a misunderstanding the PUT empties a real file. @throws VolumeError; ENOENT has become EIO (F:719-723).
 */
export async function createFile(
  volume: VolumeParts,
  { directory, name }: Place,
  path: string,
  absence: Extract<LookupResult, { kind: 'absent' }>,
): Promise<VolumeNode> {
  const node = volume.tree.add(directory, name, 'file')
  try {
    const reply = await directory.exclusively(() =>
      volume.calls.call('create', path, async (thread) => {
        const request = {
          method: 'PUT',
          path: wirePath(volume.agent.basePath, node),
          headers: {},
          body: '',
        } as const
        const reply = await volume.agent.transact(request, thread.name)
        checkStatus(reply.status, `PUT ${path}`)
        return reply
      }),
    )
    changedDirectory(directory)
    if (absence.misunderstanding !== undefined && reply.status !== 201) {
      volume.recorder.event({ kind: 'clobbered', path, reason: absence.misunderstanding })
    }
    synthesise(volume, node, directory, reply, path)
    return node
  } catch (error) {
    volume.tree.remove(node)
    if (isVolumeError(error, 'ENOENT')) throw new VolumeError('EIO', error.message, error.status, error)
    throw error
  }
}

/** The reply's `Date` stands in for the times of file and directory and saves a PROPFIND on each (webdavfs-403: N:3767-3775, F:730-781). */
function synthesise(
  volume: VolumeParts,
  node: VolumeNode,
  directory: VolumeNode,
  reply: Reply,
  path: string,
): void {
  const nowMs = volume.clock.now()
  node.createdAtMs = nowMs
  node.content.complete()
  node.content.lastModified = reply.headers['last-modified']
  node.content.validatedAtMs = nowMs
  const dateSec = parseHttpDate(reply.headers.date)
  if (dateSec === 0) {
    volume.recorder.event({ kind: 'extra-traffic', path, reason: 'the reply to its creation has no Date' })
    return
  }
  node.remember({ kind: 'file', size: 0, modifiedSec: dateSec, createdSec: dateSec }, nowMs)
  if (directory.attributes !== undefined)
    directory.remember({ ...directory.attributes, modifiedSec: dateSec }, nowMs)
}
