import type { Happening } from '../../core/happening.ts'
import { noticeMinutes } from '../../core/session-state.ts'
import type { AccountView } from '../../shared/app/snapshot.ts'

/**
 * What is to be told of the sessions of `used` profiles at this moment: the latest notice whose time has come, of those that end without
 * a person. Telling each only once is the teller's business.
 */
export function sessionNotices(
  accounts: readonly AccountView[],
  used: ReadonlySet<string>,
  nowMs: number,
): readonly Happening[] {
  return accounts.flatMap(({ profile, session }): Happening[] => {
    if (!used.has(profile)) return []
    if (session.kind === 'expired') {
      const error = { code: 'sign-in-expired', args: { profile } } as const
      return [{ kind: 'session-expired', key: `session-expired:${profile}`, profile, error }]
    }
    if (session.kind !== 'expiring') return []
    const { expiresAtMs } = session
    const due = noticeMinutes.findLast((minutes) => nowMs >= expiresAtMs - minutes * 60_000)
    if (due === undefined) return []
    const key = `session-expiring:${profile}:${expiresAtMs}:${due}`
    return [{ kind: 'session-expiring', key, profile, atMs: expiresAtMs }]
  })
}
