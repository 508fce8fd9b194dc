import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import type { UploadId } from '../upload.ts'
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

/** Removes bodies that a crash left without a record, before or after there was one. */
export function sweep(dir: string, ids: readonly UploadId[]): void {
  for (const id of ids) rmSync(join(dir, String(id)), { force: true, recursive: true })
}

/** Keeps bodies whose records are lost: none of them may be removed, since any of them may be the only copy of a save. */
export function rescue(dir: string, ids: readonly UploadId[], unreadableDir: string): Rescued {
  const entries: Entry[] = []
  let unreadable = 0
  for (const id of ids.toSorted((a, b) => a - b)) {
    const spooled = trailerOrNone(join(dir, String(id)))
    if (spooled?.record.id === id) {
      entries.push({ ...spooled, record: recovered(spooled.record), position: id })
    } else {
      mkdirSync(unreadableDir, { recursive: true, mode: 0o700 })
      renameSync(join(dir, String(id)), join(unreadableDir, String(id)))
      unreadable += 1
    }
  }
  return { entries, unreadable, unreadableDir }
}

function trailerOrNone(path: string): SpooledUpload | undefined {
  try {
    return readTrailer(path)
  } catch {
    return undefined
  }
}

/** What has happened to the upload since it was accepted is not known: a rename, a delivery, a later save. */
function recovered(record: Entry['record']): Entry['record'] {
  return { ...record, attempted: true, attention: { code: 'upload-recovered', args: { path: record.path } } }
}
