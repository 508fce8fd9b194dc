import type { NotificationKind } from '../shared/app/snapshot.ts'
import type { AppAction } from './app-action.ts'
import type { Happening } from './happening.ts'
import { noticeTextOf } from './notice-texts.ts'

export interface Notice {
  readonly key: string
  /** Of all that it tells; each is told by this. */
  readonly keys: readonly string[]
  readonly title: string
  readonly body: string
  readonly action: { readonly label: string; readonly does: AppAction }
  /** Drives whose loss is no longer true, now that this is. */
  readonly driveIdsBack: readonly string[]
  /** Drives that this tells are lost. */
  readonly driveIdsLost: readonly string[]
}

export interface NoticeSurroundings {
  readonly isSwitchedOn: (kind: NotificationKind) => boolean
  /** The popover is open and shows it anyway. */
  readonly isLooking: boolean
  /** When each key was last shown. */
  readonly shownAtMs: ReadonlyMap<string, number>
  readonly nowMs: number
  readonly driveName: (driveId: string) => string | undefined
}

/** A drive that comes and goes is told of this often at most. */
const quietMs = 10 * 60_000

/** What is shown of things that happened within a moment, in their order: each once, and many of a kind as one. */
export function planNotices(
  happenings: readonly Happening[],
  surroundings: NoticeSurroundings,
): readonly Notice[] {
  if (surroundings.isLooking) return []
  const worth = newestOfEachKey(withoutUndone(happenings)).filter(
    ({ kind, key }) => surroundings.isSwitchedOn(kind) && !isQuiet(key, surroundings),
  )
  return [...Map.groupBy(worth, ({ kind }) => kind).values()].map((same) => noticeOf(same, surroundings))
}

function noticeOf(same: readonly Happening[], { driveName, nowMs }: NoticeSurroundings): Notice {
  const [first] = same
  if (first === undefined) throw new Error('A notice is about something')
  return {
    key: same.length === 1 ? first.key : `${first.kind}:many`,
    keys: same.map(({ key }) => key),
    ...noticeTextOf(first, same, driveName, nowMs),
    action: actionOf(first, same),
    driveIdsBack: driveIdsOf('drive-back', same),
    driveIdsLost: driveIdsOf('drive-lost', same),
  }
}

function actionOf(first: Happening, same: readonly Happening[]): Notice['action'] {
  const { kind, driveId, profile, paths = [] } = first
  const isOne = same.length === 1
  switch (kind) {
    case 'session-expiring':
    case 'session-expired':
      return isOne && profile !== undefined
        ? { label: 'Sign In', does: { kind: 'sign-in', profile } }
        : show('Show Accounts', 'accounts')
    case 'drive-back':
      return isOne && driveId !== undefined
        ? { label: 'Show in Finder', does: { kind: 'reveal', driveId } }
        : show('Show Drives', 'drives')
    case 'drive-lost':
    case 'stack-done':
      return show('Show Drives', 'drives')
    case 'upload-attention':
      return show('Show Uploads', 'activity')
    case 'conflict':
    case 'export-refused':
      // Which file it is stands in its name.
      if (isOne && driveId !== undefined && paths.length === 0) {
        return { label: 'Show in Finder', does: { kind: 'reveal', driveId } }
      }
      return isOne && driveId !== undefined && paths.length > 0
        ? { label: 'Show in Finder', does: { kind: 'reveal-files', driveId, paths: paths.slice(0, 2) } }
        : show('Show Activity', 'activity')
    case 'engine-missing':
      return show('Choose an Engine', 'engine')
    case 'update-ready':
      return { label: 'Restart to Update', does: { kind: 'install-update' } }
  }
}

function show(label: string, view: 'accounts' | 'drives' | 'activity' | 'engine'): Notice['action'] {
  return { label, does: { kind: 'show-view', view } }
}

function driveIdsOf(which: NotificationKind, same: readonly Happening[]): readonly string[] {
  return same.flatMap(({ kind, driveId }) => (kind === which && driveId !== undefined ? [driveId] : []))
}

function newestOfEachKey(happenings: readonly Happening[]): readonly Happening[] {
  return [...new Map(happenings.map((happening) => [happening.key, happening])).values()]
}

/** A drive that is back before anybody was told that it was lost: nothing worth telling happened. Otherwise how it is in the end. */
function withoutUndone(happenings: readonly Happening[]): readonly Happening[] {
  const changesOf = Map.groupBy(happenings.filter(isAboutPresence), ({ driveId }) => driveId)
  const isTold = (happening: Happening): boolean => {
    const changes = changesOf.get(happening.driveId) ?? []
    const wasLostUntold = changes[0]?.kind === 'drive-lost' && happening.kind === 'drive-back'
    return changes.at(-1) === happening && !wasLostUntold
  }
  return happenings.filter((happening) => !isAboutPresence(happening) || isTold(happening))
}

function isAboutPresence({ kind }: Happening): boolean {
  return kind === 'drive-lost' || kind === 'drive-back'
}

function isQuiet(key: string, { shownAtMs, nowMs }: NoticeSurroundings): boolean {
  const shownAt = shownAtMs.get(key)
  return shownAt !== undefined && nowMs - shownAt < quietMs
}
