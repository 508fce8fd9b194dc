import { escapeName, type VolumeNode, wirePath } from '../caches/node-tree.ts'
import { VolumeError } from '../errno.ts'
import { lastTokenWithin } from '../files/locks.ts'
import { checkStatus } from '../requests/check-reply.ts'
import type { HttpRequest } from '../transport/http-exchange.ts'
import type { VolumeParts } from '../volume-parts.ts'
import { changedDirectory } from './changed-directory.ts'
import { requireEmpty } from './directories.ts'
import { lookup, type Place, resolve, resolvePlace } from './lookup.ts'

/**
 * rename: the target is looked up on the server, a directory there must be empty, then MOVE (webdavfs-403: V:533, N:5080-5153).
 * @throws VolumeError
 */
export async function rename(volume: VolumeParts, from: string, to: string): Promise<void> {
  const source = await resolve(volume, from)
  if (source.parent === undefined) throw new VolumeError('EINVAL', 'the root of the volume')
  const place = await resolvePlace(volume, to)
  if (isWithin(place.directory, source)) throw new VolumeError('EINVAL', `${to} is inside ${from}`)
  const found = await lookup(volume, place.directory, place.name, 'create')
  const target = found.kind === 'found' && found.node !== source ? found.node : undefined
  if (target !== undefined) checkKinds(source, target, to)

  const oldParent = source.parent
  await oldParent.exclusively(() =>
    volume.calls.call('rename', from, async (thread) => {
      if (target?.kind === 'directory') await requireEmpty(volume, target, thread)
      const reply = await volume.agent.transact(moveRequest(volume, source, place), thread.name)
      checkStatus(reply.status, `MOVE ${from}`)
      if (reply.status !== 207) return
      volume.recorder.event({
        kind: 'silent-loss',
        path: from,
        reason: 'MOVE answered 207, which is taken for success',
      })
    }),
  )
  if (target !== undefined) volume.tree.remove(target)
  volume.tree.move(source, place.directory, place.name)
  changedDirectory(oldParent)
  changedDirectory(place.directory)
}

/**
 * `Destination` is an absolute URL, there is no `Overwrite`, and of several locks below only the last one's `If` survives (N:5097-5107).
 * A directory's source URL ends in a slash, the Destination does not.
 */
function moveRequest(volume: VolumeParts, source: VolumeNode, place: Place): HttpRequest {
  const { hostname, port } = volume.agent.origin
  const path = wirePath(volume.agent.basePath, place.directory, true) + escapeName(place.name)
  const token = lastTokenWithin(source)
  return {
    method: 'MOVE',
    path: wirePath(volume.agent.basePath, source, source.kind === 'directory'),
    headers: {
      Destination: `http://${hostname}:${port}${path}`,
      ...(token === undefined ? {} : { If: `(<${token}>)` }),
    },
  }
}

/** What rename(2) itself refuses before any file system is asked. */
function checkKinds(source: VolumeNode, target: VolumeNode, to: string): void {
  if (source.kind === 'directory' && target.kind === 'file') throw new VolumeError('ENOTDIR', to)
  if (source.kind === 'file' && target.kind === 'directory') throw new VolumeError('EISDIR', to)
}

function isWithin(node: VolumeNode, ancestor: VolumeNode): boolean {
  return node === ancestor || (node.parent !== undefined && isWithin(node.parent, ancestor))
}
