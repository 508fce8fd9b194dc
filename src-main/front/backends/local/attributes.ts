import type { Stats } from 'node:fs'

import { AppError } from '../../../shared/errors.ts'
import type { Attributes } from '../../vfs/backend.ts'
import type { VfsPath } from '../../vfs/path.ts'

/** What a drive shows of `stats`; undefined for what it never shows: sockets, FIFOs, devices, and links as such. */
export function attributesFrom(stats: Stats): Attributes | undefined {
  const isDirectory = stats.isDirectory()
  if (!isDirectory && !stats.isFile()) return undefined
  return {
    kind: isDirectory ? 'directory' : 'file',
    size: isDirectory ? 0 : stats.size,
    modifiedMs: stats.mtimeMs,
    // File systems that do not keep it say 0.
    createdMs: stats.birthtimeMs > 0 ? stats.birthtimeMs : stats.mtimeMs,
    fileId: stats.ino,
  }
}

/** @throws AppError `permission-denied` for a special file. */
export function requireAttributes(stats: Stats, path: VfsPath): Attributes {
  const attributes = attributesFrom(stats)
  if (attributes === undefined) throw new AppError('permission-denied', { path })
  return attributes
}
