import { constants } from 'node:fs'

import type { FileAttributes } from '../../api/files.ts'
import { BridgeError } from '../../lib/bridge-error.ts'
import { requireAttributes } from './attributes.ts'
import { errnoOf } from './errno.ts'
import { close, fstat, open } from './fs-calls.ts'
import type { TreePath } from './path.ts'
import type { Task } from './task.ts'
import type { Tree } from './tree.ts'

/** O_NONBLOCK: a FIFO without a writer would hold `open` for ever. O_NOCTTY: a terminal must not become ours. */
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY

/** Both inclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** An open file and the part of it that was asked for. Whoever has it closes `fd`. */
export interface OpenContent {
  readonly fd: number
  /** Of the very file that is open. */
  readonly attributes: FileAttributes
  /** Of the first byte. */
  readonly position: number
  readonly length: number
}

/** Opens a file and describes exactly what was opened. */
export async function openContent(
  tree: Tree,
  path: TreePath,
  range: ByteRange | undefined,
  task: Task,
): Promise<OpenContent> {
  const fd = await openInside(tree, path, task)
  try {
    const attributes = requireAttributes(await task.run(() => fstat(fd)), path)
    if (attributes.kind === 'directory') throw new BridgeError('is-a-directory', { path })
    task.throwIfCancelled()
    return { fd, attributes, ...spanOf(range, attributes.size) }
  } catch (error) {
    await task.finish(() => close(fd))
    throw error
  }
}

/** A link is followed where it leads to a place inside. */
async function openInside(tree: Tree, path: TreePath, task: Task): Promise<number> {
  const { location } = await tree.containment.findTarget(path, task)
  try {
    return await task.run(() => open(location, openFlags))
  } catch (error) {
    // Made a link since it was looked at.
    if (errnoOf(error) === 'ELOOP') throw new BridgeError('busy', { path }, { cause: error })
    throw error
  }
}

function spanOf(range: ByteRange | undefined, size: number): { position: number; length: number } {
  if (range === undefined) return { position: 0, length: size }
  const position = Math.min(range.start, size)
  const end = Math.min(range.end + 1, size)
  return { position, length: Math.max(0, end - position) }
}
