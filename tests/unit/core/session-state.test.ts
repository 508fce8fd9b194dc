import { describe, expect, test } from 'vitest'

import { failureKindOf } from '../../../src-main/core/session-failure.ts'
import {
  nextMoment,
  nextSessionState,
  noticeDue,
  type SessionEvent,
  type SessionState,
} from '../../../src-main/core/session-state.ts'

const minuteMs = 60_000
const endMs = Date.UTC(2026, 0, 1, 1)
const at = (minutesBefore: number): number => endMs - minutesBefore * minuteMs

const network = { code: 'aws-unreachable', args: {} } as const
const signIn = { code: 'sign-in-expired', args: {} } as const
const denied = { code: 'role-denied', args: {} } as const
const over = { code: 'session-expired', args: {} } as const

const signedOut: SessionState = { kind: 'signed-out' }
const valid: SessionState = { kind: 'valid', expiresAtMs: endMs }
const endless: SessionState = { kind: 'valid' }
const troubled: SessionState = { ...valid, trouble: network }
const expiring: SessionState = { kind: 'expiring', expiresAtMs: endMs, error: signIn }
const expired: SessionState = { kind: 'expired', error: over }
const failed: SessionState = { kind: 'failed', error: denied }
const approval = { kind: 'mfa', serial: 'arn' } as const
const asking: SessionState = { kind: 'awaiting-approval', approval, before: expiring }

const obtained: SessionEvent = { type: 'obtained', expiresAtMs: endMs }
const failedWith = (error: typeof network | typeof signIn | typeof denied): SessionEvent => ({
  type: 'renewal-failed',
  error,
})
const refused: SessionEvent = { type: 'refused', error: over }
const ended: SessionEvent = { type: 'ended' }

describe('what an event makes of a session', () => {
  test.each<[string, SessionState, SessionEvent, SessionState]>([
    ['signed out, obtained', signedOut, obtained, valid],
    ['signed out, keys without an end', signedOut, { type: 'obtained' }, endless],
    ['signed out, nobody signed in', signedOut, failedWith(signIn), { kind: 'signed-out', error: signIn }],
    ['signed out, denied', signedOut, failedWith(denied), failed],
    ['signed out, no network', signedOut, failedWith(network), { kind: 'failed', error: network }],
    ['valid, no network', valid, failedWith(network), troubled],
    ['valid, a person is needed', valid, failedWith(signIn), expiring],
    ['valid, an administrator is needed', valid, failedWith(denied), { ...expiring, error: denied }],
    ['valid without an end, its profile is gone', endless, failedWith(denied), failed],
    ['in trouble, renewed', troubled, obtained, valid],
    ['in trouble, over', troubled, ended, { kind: 'expired', error: network }],
    ['valid, over', valid, ended, expired],
    ['valid, refused', valid, refused, expired],
    [
      'expiring, renewed',
      expiring,
      { type: 'obtained', expiresAtMs: endMs + 1 },
      { kind: 'valid', expiresAtMs: endMs + 1 },
    ],
    ['expiring, another reason', expiring, failedWith(denied), { ...expiring, error: denied }],
    ['expiring, over', expiring, ended, { kind: 'expired', error: signIn }],
    ['expired, a person is needed', expired, failedWith(signIn), { kind: 'expired', error: signIn }],
    ['expired, renewed', expired, obtained, valid],
    ['failed, signed in elsewhere', failed, obtained, valid],
    ['failed, signed out elsewhere', failed, failedWith(signIn), { kind: 'signed-out', error: signIn }],
    ['a person is asked', expiring, { type: 'approval-asked', approval }, asking],
    ['asking, approved', asking, obtained, valid],
    ['asking, given up', asking, { type: 'approval-dropped' }, expiring],
    ['asking, over meanwhile', asking, ended, { ...asking, before: { kind: 'expired', error: signIn } }],
    ['asking, refused by AWS', asking, failedWith(denied), { ...expiring, error: denied }],
    [
      'asking again, another question',
      asking,
      { type: 'approval-asked', approval: { kind: 'browser' } },
      { ...asking, approval: { kind: 'browser' } },
    ],
    ['signing out', valid, { type: 'signed-out' }, signedOut],
  ])('%s', (_, before, event, after) => {
    expect(nextSessionState(before, event)).toEqual(after)
  })

  test.each<[string, SessionState, SessionEvent]>([
    ['the same trouble again', troubled, failedWith(network)],
    ['expiring, and no network either', expiring, failedWith(network)],
    ['expiring for the same reason', expiring, failedWith(signIn)],
    ['expired, and no network', expired, failedWith(network)],
    ['over twice', expired, ended],
    ['refused after its end', expired, refused],
    ['failed for the same reason', failed, failedWith(denied)],
    ['nothing asked, nothing dropped', valid, { type: 'approval-dropped' }],
    ['signed out twice', signedOut, { type: 'signed-out' }],
  ])('no news: %s', (_, state, event) => {
    expect(nextSessionState(state, event)).toBe(state)
  })
})

describe('notices about a session that ends', () => {
  test.each([
    ['early', expiring, 16, undefined, undefined],
    ['15 minutes ahead', expiring, 15, undefined, 15],
    ['after that', expiring, 14, 15, undefined],
    ['5 minutes ahead', expiring, 5, 15, 5],
    ['after that too', expiring, 1, 5, undefined],
    ['first seen in the last minutes', expiring, 3, undefined, 5],
    ['at its end', expiring, 0, 15, undefined],
    ['for one that renews itself', valid, 3, undefined, undefined],
    ['while a person is being asked', asking, 3, undefined, undefined],
  ] as const)('%s', (_, state, minutesBefore, lastGiven, notice) => {
    expect(noticeDue(state, at(minutesBefore), lastGiven)).toBe(notice)
  })
})

describe('when to look at a session again', () => {
  test.each<[string, SessionState, number, number | undefined]>([
    ['at its end', valid, 60, endMs],
    ['before the first notice', expiring, 20, at(15)],
    ['before the second', expiring, 15, at(5)],
    ['at the end of one that is told of', expiring, 5, endMs],
    ['never, where nothing ends', endless, 60, undefined],
    ['never, where all is over', expired, 60, undefined],
  ])('%s', (_, state, minutesBefore, moment) => {
    expect(nextMoment(state, at(minutesBefore))).toBe(moment)
  })
})

test.each([
  ['sign-in-needed', 'sign-in'],
  ['mfa-needed', 'sign-in'],
  ['aws-timeout', 'passing'],
  ['clock-skewed', 'person'],
  ['credentials-rejected', 'person'],
  ['unexpected', 'person'],
] as const)('after %s it is a matter of: %s', (code, kind) => {
  expect(failureKindOf(code)).toBe(kind)
})
