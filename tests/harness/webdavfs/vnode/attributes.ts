import { displayPath, type VolumeNode, wirePath } from '../caches/node-tree.ts'
import { isVolumeError, saysAbsent } from '../errno.ts'
import { parseAttributes, type WireAttributes } from '../parser/multistatus.ts'
import { nodeProperties, propfind } from '../requests/propfind.ts'
import type { VolumeParts } from '../volume-parts.ts'

/**
 * stat: nothing on the wire for 60 s, then a PROPFIND (webdavfs-403: CH:136, C:254-268). Size and time of an open, fully downloaded
 * file are those of its cached copy (V:661-693). @throws VolumeError; after ENOENT the node is gone.
 */
export async function getAttributes(volume: VolumeParts, node: VolumeNode): Promise<WireAttributes> {
  const attributes = node.freshAttributes(volume.clock.now()) ?? (await refresh(volume, node))
  const isShownFromCache = node.openCount > 0 && node.content.state === 'complete'
  return isShownFromCache ? { ...attributes, size: node.content.length } : attributes
}

async function refresh(volume: VolumeParts, node: VolumeNode): Promise<WireAttributes> {
  const path = displayPath(node)
  const request = {
    path: wirePath(volume.agent.basePath, node),
    depth: 0,
    properties: nodeProperties,
  } as const
  try {
    const attributes = await volume.calls.call('getattr', path, (thread) =>
      propfind(volume.agent, request, thread.name, parseAttributes),
    )
    node.remember(attributes, volume.clock.now())
    return attributes
  } catch (error) {
    if (isVolumeError(error, 'ENOENT')) {
      if (!saysAbsent(error.status)) volume.recorder.event({ kind: 'vanished', path, reason: error.message })
      volume.tree.remove(node)
    }
    throw error
  }
}
