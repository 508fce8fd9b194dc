import { displayPath, type VolumeNode, wirePath } from '../caches/node-tree.ts'
import { VolumeError } from '../errno.ts'
import { countHrefs, parseListing, type ParsedListing } from '../parser/multistatus.ts'
import { checkStatus, checkWhole } from '../requests/check-reply.ts'
import { childrenProperties, listingProperties, propfind } from '../requests/propfind.ts'
import type { WorkerThread } from '../transport/worker-threads.ts'
import type { VolumeParts } from '../volume-parts.ts'
import { changedDirectory } from './changed-directory.ts'
import { lookup, resolvePlace } from './lookup.ts'

/**
 * readdir: a Depth 1 PROPFIND each time reading starts anew, whatever is cached; it fills the attributes of all children for
 * 60 s (webdavfs-403: V:1293-1301, 3639, P:1711). Resolves with the names in the order of the listing.
 */
export async function readDirectory(volume: VolumeParts, directory: VolumeNode): Promise<string[]> {
  if (directory.kind !== 'directory') throw new VolumeError('ENOTDIR', displayPath(directory))
  const path = wirePath(volume.agent.basePath, directory, true)
  const request = { path, depth: 1, properties: listingProperties } as const
  const listing = await directory.exclusively(() =>
    volume.calls.call('readdir', displayPath(directory), (thread) =>
      propfind(volume.agent, request, thread.name, (document) =>
        parseListing(document, decodeURIComponent(path), volume.parserBufferBytes),
      ),
    ),
  )
  return adopt(volume, directory, listing)
}

/** mkdir: the look-up of the name, then MKCOL without a trailing slash (webdavfs-403: N:5616). */
export async function makeDirectory(volume: VolumeParts, path: string): Promise<void> {
  const { directory, name } = await resolvePlace(volume, path)
  const found = await lookup(volume, directory, name, 'create')
  if (found.kind === 'found') throw new VolumeError('EEXIST', path)
  const node = volume.tree.add(directory, name, 'directory')
  try {
    await directory.exclusively(() =>
      volume.calls.call('mkdir', path, async (thread) => {
        const request = { method: 'MKCOL', path: wirePath(volume.agent.basePath, node), headers: {} } as const
        const reply = await volume.agent.transact(request, thread.name)
        checkStatus(reply.status, `MKCOL ${path}`)
      }),
    )
  } catch (error) {
    volume.tree.remove(node)
    throw error
  }
  changedDirectory(directory)
}

/** rmdir: refused unless a listing has at most one `href`; then DELETE (webdavfs-403: N:2650-2702). */
export async function removeDirectory(volume: VolumeParts, node: VolumeNode): Promise<void> {
  const path = displayPath(node)
  if (node.kind !== 'directory') throw new VolumeError('ENOTDIR', path)
  if (node.parent === undefined) throw new VolumeError('EBUSY', 'the root of the volume')
  const { parent } = node
  await parent.exclusively(() =>
    volume.calls.call('rmdir', path, async (thread) => {
      await requireEmpty(volume, node, thread)
      const wire = wirePath(volume.agent.basePath, node, true)
      checkWhole(
        await volume.agent.transact({ method: 'DELETE', path: wire, headers: {} }, thread.name),
        `DELETE ${path}`,
      )
    }),
  )
  volume.tree.remove(node)
  changedDirectory(parent)
}

/** @throws VolumeError ENOTEMPTY when a Depth 1 answer has more than one `href`, whatever the listing shows. */
export async function requireEmpty(
  volume: VolumeParts,
  node: VolumeNode,
  thread: WorkerThread,
): Promise<void> {
  const path = wirePath(volume.agent.basePath, node, true)
  const request = { path, depth: 1, properties: childrenProperties } as const
  const hrefs = await propfind(volume.agent, request, thread.name, countHrefs)
  if (hrefs > 1) throw new VolumeError('ENOTEMPTY', `${displayPath(node)}: ${hrefs} hrefs`)
}

function adopt(volume: VolumeParts, directory: VolumeNode, listing: ParsedListing): string[] {
  const { tree, recorder } = volume
  const nowMs = volume.clock.now()
  const at = displayPath(directory)
  if (listing.directory !== undefined) directory.remember(listing.directory, nowMs)
  for (const mishap of listing.mishaps) recorder.event({ kind: 'hidden-entry', path: at, ...mishap })

  const shown = new Set<VolumeNode>()
  const names: string[] = []
  for (const child of listing.children) {
    const node = tree.add(directory, child.name, child.attributes.kind)
    if (shown.has(node)) recorder.event({ kind: 'ghost-entry', path: at, href: child.name })
    shown.add(node)
    names.push(child.name)
    node.remember(child.attributes, nowMs)
    if (
      directory.negatives.has(child.name) &&
      directory.negatives.survive(directory.attributes?.modifiedSec)
    ) {
      const reason = 'listed, but remembered as absent, and the mtime of its directory did not move'
      recorder.event({ kind: 'vanished', path: `${at.replace(/\/$/, '')}/${child.name}`, reason })
    }
  }
  for (const node of [...directory.children.values()]) {
    if (!shown.has(node) && node.openCount === 0) tree.remove(node)
  }
  // Each entry is sought in a linear list of those before it (webdavfs-403: C:680-686).
  recorder.listed(listing.scannedBytes, (names.length * (names.length - 1)) / 2)
  return names
}
