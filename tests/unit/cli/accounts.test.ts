import { describe, expect, test } from 'vitest'

import { accountsToJson, renderAccounts } from '../../../src-main/cli/output/render-accounts.ts'
import { renderSignedOut, renderSignInState } from '../../../src-main/cli/output/render-sign-in.ts'
import type { PersonNeed, Profile } from '../../../src-main/services/credentials/profiles/preflight.ts'
import { FakeTerminal } from '../../fakes/fake-terminal.ts'

const nowMs = Date.UTC(2026, 0, 1)
const minuteMs = 60_000
const terminal = new FakeTerminal()

const profileThat = (need: PersonNeed): Profile => ({
  name: 'work',
  kind: 'sso-session',
  accountId: '111122223333',
  roleName: 'FilesUser',
  chain: ['work'],
  need,
})

describe('what a profile needs, in words and in JSON', () => {
  test.each<[PersonNeed, string, string]>([
    [{ when: 'never' }, 'good   renews by itself', 'valid'],
    [{ when: 'at', why: 'sign-in-ends', atMs: nowMs + 90 * minuteMs }, 'good   1 h 30 min', 'valid'],
    [{ when: 'at', why: 'sign-in-ends', atMs: nowMs + 14 * minuteMs }, 'ends soon   14 min', 'expiring'],
    [{ when: 'now', why: 'sign-in-missing' }, 'not signed in', 'signed-out'],
    [{ when: 'now', why: 'sign-in-expired' }, 'sign in again', 'expired'],
    [{ when: 'now', why: 'mfa' }, 'asks for a code', 'mfa-needed'],
    [{ when: 'unknown', why: 'other-program' }, 'not known', 'unknown'],
  ])('%j', (need, words, state) => {
    const list = { profiles: [profileThat(need)], problems: [] }
    expect(renderAccounts(list, nowMs, terminal)[1]?.replaceAll(/ {3,}/g, '   ')).toBe(
      `work   111122223333   FilesUser   Identity Center   ${words}`,
    )
    expect(accountsToJson(list, nowMs).accounts).toEqual([
      {
        profile: 'work',
        kind: 'sso-session',
        state,
        accountId: '111122223333',
        roleName: 'FilesUser',
        ...(need.when === 'at' && { expiresAt: new Date(need.atMs).toISOString() }),
      },
    ])
  })
})

test('what is wrong with a profile, or with the files, is told below the table', () => {
  const problem = { code: 'profile-unknown', args: { profile: 'x' } } as const
  const list = { profiles: [{ name: 'bad', problem }], problems: [problem] }
  const lines = renderAccounts(list, nowMs, terminal)
  expect(lines[1]).toMatch(/^bad .*broken$/)
  expect(lines.filter((line) => line === 'No such AWS profile')).toHaveLength(2)
  expect(accountsToJson(list, nowMs)).toMatchObject({
    accounts: [{ profile: 'bad', state: 'failed', error: { code: 'profile-unknown' } }],
    problems: [{ code: 'profile-unknown' }],
  })
})

test('without profiles there is a hint, and no empty table', () => {
  expect(renderAccounts({ profiles: [], problems: [] }, nowMs, terminal)).toEqual([
    'No AWS profiles yet. `aws configure sso` makes one, or write it into ~/.aws/config.',
  ])
})

test('states that pass by themselves say nothing', () => {
  const attempt = { method: 'browser', freshClient: false } as const
  for (const kind of ['registering', 'asking', 'exchanging'] as const) {
    expect(renderSignInState({ kind, ...attempt }, terminal)).toEqual([])
  }
})

test('a sign-out that AWS does not know of says so', () => {
  expect(renderSignedOut({ kind: 'not-told', cause: undefined }, ['work']).join('\n')).toContain(
    'AWS could not be told',
  )
})
