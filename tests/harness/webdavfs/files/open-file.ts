import { displayPath, type VolumeNode } from '../caches/node-tree.ts'
import { isVolumeError, VolumeError } from '../errno.ts'
import { freshlyCreatedMs, maxRestarts } from '../limits.ts'
import { createFile } from '../vnode/create-file.ts'
import { lookup, type Place, resolvePlace } from '../vnode/lookup.ts'
import type { VolumeParts } from '../volume-parts.ts'
import { type Download, fetchContent } from './download.ts'
import { FileHandle } from './file-handle.ts'
import { lockNode, unlockNode } from './locks.ts'

/** The flags of open(2) that this file system looks at. */
export interface OpenFlags {
  readonly write?: boolean
  readonly create?: boolean
  readonly exclusive?: boolean
  readonly truncate?: boolean
}

/**
 * open(2). An open that meets ESTALE starts again from the look-up (webdavfs-403: F:292-298, 316-322, V:1333-1343); Apple's loop has no
 * end, this one gives up and reports a hang. @throws VolumeError
 */
export async function openFile(volume: VolumeParts, path: string, flags: OpenFlags): Promise<FileHandle> {
  if (flags.write === true && volume.isReadOnly) throw new VolumeError('EROFS', path)
  for (let restarts = 0; ; restarts++) {
    const place = await resolvePlace(volume, path)
    const node = await findOrCreate(volume, place, path, flags)
    try {
      return await openNode(volume, node, flags)
    } catch (error) {
      if (!isVolumeError(error, 'ESTALE')) throw error
      if (restarts === maxRestarts) {
        volume.recorder.event({
          kind: 'hang',
          operation: 'open',
          path,
          reason: `restarted for ever: ${error.message}`,
        })
        throw error
      }
      volume.tree.remove(node)
    }
  }
}

async function findOrCreate(
  volume: VolumeParts,
  place: Place,
  path: string,
  flags: OpenFlags,
): Promise<VolumeNode> {
  const found = await lookup(volume, place.directory, place.name, flags.create === true ? 'create' : 'find')
  if (found.kind === 'absent') {
    if (flags.create !== true) throw new VolumeError('ENOENT', path, found.status)
    return createFile(volume, place, path, found)
  }
  if (flags.create === true && flags.exclusive === true) throw new VolumeError('EEXIST', path)
  if (found.node.kind === 'directory') throw new VolumeError('EISDIR', path)
  return found.node
}

async function openNode(volume: VolumeParts, node: VolumeNode, flags: OpenFlags): Promise<FileHandle> {
  const isWriter = flags.write === true
  const download = await volume.calls.call('open', displayPath(node), async (thread) => {
    // A file that is open already, if only for reading, is not locked (webdavfs-403: V:1274-1303).
    const locksNow = isWriter && node.openCount === 0
    if (locksNow) await lockWithRestart(volume, node, thread.name)
    try {
      return await prepareContent(volume, node, flags, thread.name)
    } catch (error) {
      if (locksNow) await unlockNode(volume, node, thread.name).catch(() => undefined)
      throw error
    }
  })
  node.openCount += 1
  return new FileHandle(volume, node, isWriter, download)
}

async function lockWithRestart(volume: VolumeParts, node: VolumeNode, thread: string): Promise<void> {
  try {
    await lockNode(volume, node, thread)
  } catch (error) {
    if (!isVolumeError(error, 'ENOENT')) throw error
    throw new VolumeError('ESTALE', error.message, error.status, error)
  }
}

/** Truncated and freshly created files need no GET (webdavfs-403: F:281-315, CH:139, 156). */
async function prepareContent(
  volume: VolumeParts,
  node: VolumeNode,
  flags: OpenFlags,
  thread: string,
): Promise<Download | undefined> {
  const { content } = node
  const isFresh = volume.clock.now() - node.createdAtMs < freshlyCreatedMs && content.state === 'complete'
  if (flags.write === true && flags.truncate === true) {
    content.isDirty ||= content.length > 0 || !isFresh
    content.truncate(0)
    content.complete()
    return undefined
  }
  if (isFresh || content.state === 'downloading') return undefined
  return fetchContent(volume, node, thread)
}
