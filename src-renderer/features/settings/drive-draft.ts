import type { CommandInput } from '../../../src-main/shared/app/commands.ts'
import type { DriveView } from '../../../src-main/shared/app/snapshot.ts'
import type { WriteMode } from '../../../src-main/shared/front-protocol.ts'

export type DriveChanges = CommandInput<'drive.change'>['changes']

/** A drive's settings as they are typed: numbers are texts until somebody means them. */
export interface DriveDraft {
  readonly name: string
  readonly mountPoint: string
  readonly autoMount: boolean
  readonly readOnly: boolean
  readonly writeMode: WriteMode
  readonly cacheGib: string
  readonly spoolGib: string
}

export type DraftProblems = Partial<Record<keyof DriveDraft, string>>

const gib = 1024 ** 3

export function draftOf(drive: DriveView): DriveDraft {
  const { name, mountPoint, autoMount, readOnly, writeMode } = drive
  return {
    name,
    mountPoint,
    autoMount,
    readOnly,
    writeMode,
    cacheGib: String(round(drive.contentCacheBytes / gib)),
    spoolGib: String(round(drive.spoolMaxBytes / gib)),
  }
}

export function problemsOf(draft: DriveDraft): DraftProblems {
  const cache = Number(draft.cacheGib)
  const spool = Number(draft.spoolGib)
  return {
    ...(draft.name.trim() === '' ? { name: 'A drive needs a name.' } : {}),
    ...(draft.name.length > 200 ? { name: 'That is too long for a name.' } : {}),
    ...(draft.mountPoint.startsWith('/')
      ? {}
      : { mountPoint: 'Give the whole path, beginning with a slash.' }),
    ...(draft.cacheGib.trim() !== '' && cache >= 0 ? {} : { cacheGib: 'Give a number, or 0 for none.' }),
    ...(spool > 0 ? {} : { spoolGib: 'Give a number above 0.' }),
  }
}

/** What is different from `drive`, of which the draft was made; sizes that were not touched keep their exact bytes. */
export function changesOf(drive: DriveView, draft: DriveDraft): DriveChanges {
  const before = draftOf(drive)
  const isNew = (key: keyof DriveDraft): boolean => draft[key] !== before[key]
  return {
    ...(isNew('name') ? { name: draft.name.trim() } : {}),
    ...(isNew('mountPoint') ? { mountPoint: draft.mountPoint } : {}),
    ...(isNew('autoMount') ? { autoMount: draft.autoMount } : {}),
    ...(isNew('readOnly') ? { readOnly: draft.readOnly } : {}),
    ...(isNew('writeMode') ? { writeMode: draft.writeMode } : {}),
    ...(isNew('cacheGib') ? { contentCacheBytes: Math.round(Number(draft.cacheGib) * gib) } : {}),
    ...(isNew('spoolGib') ? { spoolMaxBytes: Math.round(Number(draft.spoolGib) * gib) } : {}),
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
