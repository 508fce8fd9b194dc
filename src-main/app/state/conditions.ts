import type { AccountView, Condition, EngineView } from '../../shared/app/snapshot.ts'
import type { DriveState } from '../../shared/drive-state.ts'
import type { SerializedError } from '../../shared/errors.ts'

/** What the state of the whole is judged by. */
export interface Facts {
  readonly drives: readonly DriveFacts[]
  readonly engine: Pick<EngineView, 'state' | 'error'>
  readonly accounts: readonly AccountView[]
  readonly isOnline: boolean
  /** Why the list of drives cannot be read. */
  readonly settingsError: SerializedError | undefined
  /** Where a broken settings file was put. */
  readonly settingsSetAsidePath: string | undefined
  readonly disk: { readonly freeBytes: number; readonly reserveBytes: number } | undefined
  /** Why this machine cannot mount at all. */
  readonly mountObstacle: SerializedError | undefined
}

export interface DriveFacts {
  /** Of a drive in S3 Files. */
  readonly profile: string | undefined
  readonly isFar: boolean
  readonly state: DriveState
  readonly isWanted: boolean
}

/**
 * What is wrong with the whole, or with a part that several drives depend on: each once, the worst first. What depends on another one that
 * is there is left out: without a network nobody need be told of sign-ins.
 */
export function conditionsOf(facts: Facts): readonly Condition[] {
  const { drives, engine, isOnline, settingsError, settingsSetAsidePath, disk, mountObstacle } = facts
  const wanted = drives.filter(({ isFar, isWanted, state }) => isFar && (isWanted || runs(state)))
  const conditions: Condition[] = []
  const add = (
    id: string,
    severity: Condition['severity'],
    error: SerializedError,
    fix?: Condition['fix'],
  ): void => {
    conditions.push({ id, severity, error, fix })
  }

  if (mountObstacle !== undefined) add('cannot-mount', 'error', mountObstacle)
  if (settingsError !== undefined) add('settings', 'error', settingsError)
  if (settingsSetAsidePath !== undefined) {
    add('settings-set-aside', 'warning', {
      code: 'settings-set-aside',
      args: { path: settingsSetAsidePath },
    })
  }
  if (disk !== undefined && disk.freeBytes < disk.reserveBytes) {
    add('disk-full', 'error', { code: 'no-space', args: { reserveBytes: disk.reserveBytes } })
  }
  if (wanted.length > 0 && engine.state === 'missing' && engine.error !== undefined) {
    const isNone = engine.error.code === 'engine-missing'
    const fix = isNone
      ? ({ kind: 'open-link', link: 'install-engine' } as const)
      : ({ kind: 'choose-engine' } as const)
    add('engine-missing', 'error', engine.error, fix)
  }
  if (wanted.length > 0 && !isOnline) add('offline', 'warning', { code: 'offline', args: {} })
  if (isOnline) for (const condition of sessionConditions(wanted, facts.accounts)) conditions.push(condition)
  return conditions.toSorted((one, other) => rank[one.severity] - rank[other.severity])
}

const rank: Readonly<Record<Condition['severity'], number>> = { error: 0, warning: 1, info: 2 }

/** One per profile, however many drives it opens. */
function sessionConditions(
  wanted: readonly DriveFacts[],
  accounts: readonly AccountView[],
): readonly Condition[] {
  const used = new Set(wanted.map(({ profile }) => profile))
  return accounts.flatMap(({ profile, session, canSignIn }): Condition[] => {
    if (!used.has(profile) || !canSignIn) return []
    const fix = { kind: 'sign-in', profile } as const
    const id = `session:${profile}`
    if (session.kind === 'expired') {
      return [{ id, severity: 'error', error: { code: 'sign-in-expired', args: { profile } }, fix }]
    }
    if (session.kind === 'signed-out') {
      return [{ id, severity: 'error', error: { code: 'sign-in-needed', args: { profile } }, fix }]
    }
    return []
  })
}

function runs({ kind }: DriveState): boolean {
  return kind !== 'unmounted' && kind !== 'failed'
}
