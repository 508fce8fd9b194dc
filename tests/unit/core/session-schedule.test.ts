import { describe, expect, test } from 'vitest'

import { isUsable, nextAttempt, type Failures } from '../../../src-main/core/session-schedule.ts'

const minuteMs = 60_000
const issuedAtMs = Date.UTC(2026, 0, 1)
const at = (minutes: number): number => issuedAtMs + minutes * minuteMs
const session = { issuedAtMs, expiresAtMs: at(60) }
const now = { kind: 'now' }
const later = (minutes: number) => ({ kind: 'later', atMs: at(minutes) })
const failures = (count: number, minutes: number, kind: Failures['kind'] = 'passing'): Failures => ({
  count,
  lastAtMs: at(minutes),
  kind,
})

describe('a session of an hour is fetched', () => {
  test.each([
    ['at once when there is none', undefined, undefined, 0, 0, now],
    ['not before half of its life', session, undefined, 0, 0, later(30)],
    ['at 70 % by another draw', session, undefined, 31, 1, later(42)],
    ['at its time', session, undefined, 30, 0, now],
    ['when it is over', session, undefined, 600, 0.5, now],
    ['when the clock was set back past its start', session, undefined, -16, 0, now],
    ['15 seconds after the first failure', session, failures(1, 30), 30, 0, later(30.25)],
    ['a minute after the third', session, failures(3, 30), 30, 0, later(31)],
    ['five minutes after the tenth', session, failures(10, 30), 30, 0, later(35)],
    ['after half the pause, by another draw', session, failures(3, 42), 42, 1, later(42.5)],
    ['a minute after a person was missed', session, failures(1, 30, 'sign-in'), 30, 0, later(31)],
    ['ten minutes after many refusals', session, failures(9, 30, 'person'), 30, 0, later(40)],
    ['after the pause', session, failures(1, 30), 31, 0, now],
    ['at once when the clock was set back behind the failure', undefined, failures(9, 30), 29, 0, now],
    ['not for a failure that is older than its pause', session, failures(1, 0), 1, 0, later(30)],
  ] as const)('%s', (_, held, failed, nowMinutes, spread, attempt) => {
    expect(nextAttempt(held, failed, at(nowMinutes), spread)).toEqual(attempt)
  })

  test('keys without an end are read again every quarter of an hour', () => {
    expect(nextAttempt({ issuedAtMs }, undefined, at(14), 0)).toEqual(later(15))
    expect(nextAttempt({ issuedAtMs }, undefined, at(15), 0)).toEqual(now)
  })
})

test('a session is usable until its end', () => {
  expect(isUsable(session, at(60) - 1)).toBe(true)
  expect(isUsable(session, at(60))).toBe(false)
  expect(isUsable({ issuedAtMs }, at(1e6))).toBe(true)
})
