import { lstatSync, mkdirSync, readdirSync, renameSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

import { joinPath, nameOf, parentOf, type VfsPath } from '../../path.ts'
import { suffixedName } from '../suffixed-name.ts'
import type { UploadId, UploadRecord } from '../upload.ts'
import { readTrailer, type SpooledUpload } from './spool-trailer.ts'
import type { Entry } from './upload-rows.ts'

/** Bodies that no record accounts for, as they were found at the start. */
export interface Rescued {
  /** Rebuilt from what the spool files say of themselves; each needs attention. */
  readonly entries: readonly Entry[]
  /** Files that say nothing readable were moved to `unreadableDir`; they are kept, too. */
  readonly unreadable: number
  readonly unreadableDir: string
}

/** The files of a spool that are named by an upload's id, with their sizes. Makes the folder where there is none. */
export function listSpool(dir: string): ReadonlyMap<UploadId, number> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const files = new Map<UploadId, number>()
  for (const name of readdirSync(dir)) {
    const id = Number(name)
    if (/^\d+$/.test(name) && Number.isSafeInteger(id)) files.set(id, lstatSync(join(dir, name)).size)
  }
  return files
}

/** Removes bodies that a crash left without a record, before or after there was one; what cannot be removed waits for the next time. */
export function sweep(dir: string, ids: readonly UploadId[]): void {
  for (const id of ids) {
    try {
      unlinkSync(join(dir, String(id)))
    } catch {
      continue
    }
  }
}

/**
 * Keeps bodies whose records are lost: none of them may be removed, since any of them may be the only copy of a save.
 * `taken` are the paths of uploads that still have records.
 */
export function rescue(
  dir: string,
  ids: readonly UploadId[],
  taken: readonly VfsPath[],
  unreadableDir: string,
): Rescued {
  const entries: Entry[] = []
  let unreadable = 0
  const paths = new Set(taken)
  // The newest first, so that it keeps its path.
  for (const id of ids.toSorted((a, b) => b - a)) {
    const spooled = trailerOrNone(join(dir, String(id)))
    if (spooled?.record.id === id) {
      const record = recovered(spooled.record, paths)
      paths.add(record.path)
      entries.push({ record, body: spooled.body, position: id })
    } else {
      mkdirSync(unreadableDir, { recursive: true, mode: 0o700 })
      renameSync(join(dir, String(id)), join(unreadableDir, String(id)))
      unreadable += 1
    }
  }
  return { entries, unreadable, unreadableDir }
}

/**
 * What has happened to the upload since it was accepted is not known: a rename, a delivery, a later save. Programs save under one
 * temporary name after another and rename then, so uploads that were accepted for one path may be different files.
 */
function recovered(record: UploadRecord, paths: ReadonlySet<VfsPath>): UploadRecord {
  const { id, path } = record
  const name = suffixedName(nameOf(path), ` (recovered ${id})`)
  return {
    ...record,
    path: paths.has(path) ? joinPath(parentOf(path), name) : path,
    attempted: true,
    attention: { code: 'upload-recovered', args: { path } },
  }
}

function trailerOrNone(path: string): SpooledUpload | undefined {
  try {
    return readTrailer(path)
  } catch {
    return undefined
  }
}
