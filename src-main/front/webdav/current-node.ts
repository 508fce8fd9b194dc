import { isAppError } from '../../shared/errors.ts'
import type { VfsPath } from '../vfs/path.ts'
import type { Node } from '../vfs/vfs.ts'
import type { Dav, Exchange } from './exchange.ts'

/** What is at `path` now; undefined for nothing. */
export async function currentNode(path: VfsPath, exchange: Exchange, dav: Dav): Promise<Node | undefined> {
  try {
    return await dav.vfs.stat(path, exchange.call)
  } catch (error) {
    if (isAppError(error, 'not-found', 'not-a-directory', 'parent-missing')) return undefined
    throw error
  }
}
