import { expect, test } from 'vitest'

import type { SessionStateView } from '../../../src-main/shared/app/snapshot.ts'
import {
  byUrgency,
  identityTextOf,
  sessionTextOf,
} from '../../../src-renderer/features/accounts/account-text.ts'
import { accountOf, nowMs } from '../../fixtures/snapshots.ts'

const error = { code: 'sign-in-denied', args: {} } as const

test.each<[SessionStateView, string, string]>([
  [{ kind: 'signed-out' }, 'idle', 'Not signed in'],
  [{ kind: 'awaiting-approval', userCode: 'A', url: 'u' }, 'busy', 'Waiting for your approval'],
  [{ kind: 'valid', expiresAtMs: undefined }, 'good', 'Signed in'],
  [{ kind: 'valid', expiresAtMs: nowMs + 7_200_000 }, 'good', 'Signed in · 2 h left'],
  [{ kind: 'expiring', expiresAtMs: nowMs + 90_000 }, 'warning', 'Ends soon · 1 min left'],
  [{ kind: 'expired' }, 'error', 'Sign-in has ended'],
  [{ kind: 'failed', error }, 'error', 'Sign-in failed'],
])('%j is %s: "%s"', (session, tone, text) => {
  expect(sessionTextOf(session, nowMs, true)).toEqual({ tone, text })
})

test('nobody signed in to a key', () => {
  expect(sessionTextOf({ kind: 'valid', expiresAtMs: undefined }, nowMs, false).text).toBe('Ready')
})

test('who somebody is leaves out what is not known', () => {
  expect(identityTextOf(accountOf())).toBe('PhotoEditor · 111122223333 · eu-central-1')
  expect(identityTextOf(accountOf({ role: undefined, accountId: undefined, region: undefined }))).toBe('')
})

test('what waits for a person comes first, what is not used last, by name among equals', () => {
  const accounts = [
    accountOf({ profile: 'd', session: { kind: 'signed-out' } }),
    accountOf({ profile: 'c' }),
    accountOf({ profile: 'b', session: { kind: 'failed', error } }),
    accountOf({ profile: 'a', session: { kind: 'expired' } }),
    accountOf({ profile: 'z', session: { kind: 'awaiting-approval', userCode: undefined, url: undefined } }),
    accountOf({ profile: 'y', session: { kind: 'expiring', expiresAtMs: nowMs } }),
  ]
  expect(accounts.toSorted(byUrgency).map(({ profile }) => profile)).toEqual(['z', 'a', 'b', 'y', 'c', 'd'])
})
