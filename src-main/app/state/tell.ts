import type { RecentFile } from '../../shared/app/snapshot.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import type { Core } from '../core.ts'
import type { AppDrive } from '../drives/app-drive.ts'
import type { StackEnd } from '../stacks/stack-end.ts'
import { profileOf } from '../drives/profile-of.ts'
import { sessionNotices } from './session-notices.ts'
import type { Teller } from './teller.ts'

/** After these the uploads of a drive are others than they were. */
const newsTypes: ReadonlySet<FrontEvent['type']> = new Set([
  'saved',
  'delivered',
  'upload-attention',
  'conflict',
  'discarded',
  'stalled',
  'recovered',
])

export function bringsNews({ type }: FrontEvent): boolean {
  return newsTypes.has(type)
}

export function tellOfFront({ drive }: AppDrive, event: FrontEvent, teller: Teller): void {
  const driveId = drive.id
  if (event.type === 'upload-attention') {
    const { id, path, error } = event
    const key = `upload-attention:${driveId}:${id}`
    teller.tell({ kind: 'upload-attention', key, driveId, paths: [path], error })
  }
  if (event.type === 'conflict') {
    const { path, keptAs } = event
    const key = `conflict:${driveId}:${keptAs}`
    teller.tell({ kind: 'conflict', key, driveId, paths: [path, keptAs] })
  }
}

export function tellOfFile({ what, driveId, path, detail }: RecentFile, teller: Teller): void {
  if (what !== 'export-refused') return
  const key = `export-refused:${driveId}:${path}:${detail ?? ''}`
  teller.tell({ kind: what, key, driveId, paths: [path] })
}

/** Each end is news, also the second of the same stack. */
export function tellOfStack({ ref, error }: StackEnd, teller: Teller, nowMs: number): void {
  const key = `stack-done:${ref.profile ?? ''}:${ref.region}:${ref.name}:${nowMs}`
  teller.tell({ kind: 'stack-done', key, stack: ref.name, ...(error && { error }) })
}

/** Of those profiles that a drive needs now. */
export function tellOfSessions(
  { appDrives, accounts, teller }: Pick<Core, 'appDrives' | 'accounts' | 'teller'>,
  nowMs: number,
): void {
  const needed = appDrives.list().filter(({ isWanted, state }) => isWanted || state.kind === 'mounted')
  const used = new Set(needed.flatMap(({ drive }) => profileOf(drive, accounts.defaultName) ?? []))
  const views = accounts.views()
  for (const { profile, session } of views) {
    if (session.kind === 'valid') teller.forget(`session-expired:${profile}`)
  }
  sessionNotices(views, used, nowMs).forEach((notice) => teller.tell(notice))
}

export function tellOfEngine({ engine, teller }: Pick<Core, 'engine' | 'teller'>): void {
  const { state, error } = engine.view
  if (state !== 'missing') return
  teller.tell({ kind: 'engine-missing', key: 'engine-missing', ...(error && { error }) })
}
