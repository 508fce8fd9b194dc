import { displayPath, type VolumeNode, wirePath } from '../caches/node-tree.ts'
import { isVolumeError, saysAbsent, VolumeError } from '../errno.ts'
import { ifHeader } from '../files/locks.ts'
import { checkWhole } from '../requests/check-reply.ts'
import type { VolumeParts } from '../volume-parts.ts'
import { changedDirectory } from './changed-directory.ts'

/** unlink: DELETE, with the lock's token if one is held. Any ENOENT counts as success (webdavfs-403: F:1044-1050, V:2807-2816). */
export async function removeFile(volume: VolumeParts, node: VolumeNode): Promise<void> {
  const path = displayPath(node)
  if (node.kind === 'directory' || node.parent === undefined)
    throw new VolumeError('EPERM', `${path} is a directory`)
  const { parent } = node
  await parent.exclusively(() =>
    volume.calls.call('unlink', path, async (thread) => {
      const wire = wirePath(volume.agent.basePath, node)
      const request = { method: 'DELETE', path: wire, headers: ifHeader(node) } as const
      try {
        checkWhole(await volume.agent.transact(request, thread.name), `DELETE ${path}`)
      } catch (error) {
        if (!isVolumeError(error, 'ENOENT')) throw error
        if (!saysAbsent(error.status)) {
          volume.recorder.event({ kind: 'silent-loss', path, reason: `"deleted" by ${error.message}` })
        }
      }
    }),
  )
  volume.tree.remove(node)
  changedDirectory(parent)
}
