import type { Stats } from 'node:fs'

import { AppError } from '../../../shared/errors.ts'
import type { Attributes } from '../../vfs/backend.ts'
import type { VfsPath } from '../../vfs/path.ts'
import { rowKinds } from './stat-rows.ts'

/** What a drive shows of `stats`; undefined for what it never shows: sockets, FIFOs, devices, and links as such. */
export function attributesFrom(stats: Stats): Attributes | undefined {
  if (stats.isFile()) return attributesOf('file', stats.size, stats.mtimeMs, stats.birthtimeMs, stats.ino)
  if (stats.isDirectory()) return attributesOf('directory', 0, stats.mtimeMs, stats.birthtimeMs, stats.ino)
  return undefined
}

/** As `attributesFrom`, of the row of a file or directory that begins at `start`. */
export function attributesFromRow(rows: Float64Array, start: number): Attributes {
  const kind = rows[start] === rowKinds.file ? 'file' : 'directory'
  const field = (index: number): number => rows[start + index] ?? 0
  return attributesOf(kind, field(1), field(2), field(3), field(4))
}

function attributesOf(
  kind: Attributes['kind'],
  size: number,
  modifiedMs: number,
  birthMs: number,
  fileId: number,
): Attributes {
  // File systems that do not keep the time of birth say 0.
  return { kind, size, modifiedMs, createdMs: birthMs > 0 ? birthMs : modifiedMs, fileId }
}

/** @throws AppError `permission-denied` for a special file. */
export function requireAttributes(stats: Stats, path: VfsPath): Attributes {
  const attributes = attributesFrom(stats)
  if (attributes === undefined) throw new AppError('permission-denied', { path })
  return attributes
}
