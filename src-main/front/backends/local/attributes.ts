import type { Stats } from 'node:fs'

import { AppError } from '../../../shared/errors.ts'
import type { Attributes } from '../../vfs/backend.ts'
import type { VfsPath } from '../../vfs/path.ts'

/** What a drive shows of `stats`; undefined for what it never shows: sockets, FIFOs, devices, and links as such. */
export function attributesFrom(stats: Stats): Attributes | undefined {
  const isFile = stats.isFile()
  if (!isFile && !stats.isDirectory()) return undefined
  return {
    kind: isFile ? 'file' : 'directory',
    size: isFile ? stats.size : 0,
    modifiedMs: stats.mtimeMs,
    // File systems that do not keep the time of birth say 0.
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
