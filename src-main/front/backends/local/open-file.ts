import { constants, type Stats } from 'node:fs'

import { AppError } from '../../../shared/errors.ts'
import type { ByteRange, OpenedFile } from '../../vfs/backend.ts'
import { parentOf, type VfsPath } from '../../vfs/path.ts'
import { throwIfAborted } from '../../files/abort.ts'
import { requireAttributes } from './attributes.ts'
import type { Containment } from './containment.ts'
import { errnoOf } from '../../files/errno.ts'
import { close, fstat, open } from '../../files/fs-calls.ts'
import { ReadChunks } from '../../files/read-chunks.ts'

/** O_NONBLOCK: a FIFO without a writer would hold `open` for ever. O_NOCTTY: a terminal must not become ours. */
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY

/** Opens a file and describes exactly what was opened; reads nothing until the body is asked for. */
export async function openFile(
  tree: Containment,
  path: VfsPath,
  range: ByteRange | undefined,
  signal: AbortSignal,
): Promise<OpenedFile> {
  const fd = await openInside(tree, path)
  try {
    const stats = await fstat(fd)
    const attributes = requireAttributes(stats, path)
    if (attributes.kind === 'directory') throw new AppError('is-a-directory', { path })
    throwIfAborted(signal)
    const { position, length } = spanOf(range, stats)
    const body = new ReadChunks({ fd, position, length }, path, signal)
    return { attributes, length, body, close: () => body.close() }
  } catch (error) {
    await close(fd)
    throw error
  }
}

/** A descriptor of what is at `path`, a link followed where it leads to a place inside. */
async function openInside(tree: Containment, path: VfsPath): Promise<number> {
  // Opening reads nothing yet, so it need not wait for the gate; what the gate refuses is closed unread.
  const opening = open(tree.locate(path, 'use'), openFlags)
  opening.catch(() => undefined)
  try {
    await tree.resolve(parentOf(path))
  } catch (error) {
    await opening.then(close, () => undefined)
    throw error
  }
  try {
    return await opening
  } catch (error) {
    if (errnoOf(error) !== 'ELOOP') throw error
    return open(await tree.resolve(path), openFlags)
  }
}

function spanOf(range: ByteRange | undefined, stats: Stats): { position: number; length: number } {
  if (range === undefined) return { position: 0, length: stats.size }
  const position = Math.min(range.start, stats.size)
  const end = Math.min(range.end + 1, stats.size)
  return { position, length: Math.max(0, end - position) }
}
