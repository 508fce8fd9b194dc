import type { AccountView, SessionStateView } from '../../../src-main/shared/app/snapshot.ts'
import { formatTimeLeft } from '../../lib/format.ts'

export interface SessionText {
  readonly text: string
  readonly tone: 'idle' | 'busy' | 'good' | 'warning' | 'error'
}

/** @param canSignIn false for keys and the like, which are just there. */
export function sessionTextOf(session: SessionStateView, nowMs: number, canSignIn: boolean): SessionText {
  const signedIn = canSignIn ? 'Signed in' : 'Ready'
  switch (session.kind) {
    case 'signed-out':
      return { text: 'Not signed in', tone: 'idle' }
    case 'awaiting-approval':
      return { text: 'Waiting for your approval', tone: 'busy' }
    case 'valid':
      return {
        text:
          session.expiresAtMs === undefined
            ? signedIn
            : `${signedIn} · ${formatTimeLeft(session.expiresAtMs - nowMs)}`,
        tone: 'good',
      }
    case 'expiring':
      return { text: `Ends soon · ${formatTimeLeft(session.expiresAtMs - nowMs)}`, tone: 'warning' }
    case 'expired':
      return { text: 'Sign-in has ended', tone: 'error' }
    case 'failed':
      return { text: 'Sign-in failed', tone: 'error' }
  }
}

/** `AdministratorAccess · 123456789012 · eu-central-1`, as far as it is known. */
export function identityTextOf({ role, accountId, region }: AccountView): string {
  return [role, accountId, region].filter((part) => part !== undefined).join(' · ')
}

/** Whether there is a session to end. */
export function isSignedIn({ kind }: SessionStateView): boolean {
  return kind === 'valid' || kind === 'expiring'
}

const ranks: Readonly<Record<SessionStateView['kind'], number>> = {
  'awaiting-approval': 0,
  failed: 1,
  expired: 1,
  expiring: 2,
  valid: 3,
  'signed-out': 4,
}

/** What waits for a person first, what is in use next; by name among equals. */
export function byUrgency(one: AccountView, other: AccountView): number {
  return ranks[one.session.kind] - ranks[other.session.kind] || one.profile.localeCompare(other.profile)
}
