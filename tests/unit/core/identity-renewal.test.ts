import { describe, expect, test } from 'vitest'

import { decideRenewal } from '../../../src-main/core/identity-renewal.ts'

const minuteMs = 60_000
const issuedAtMs = Date.UTC(2026, 0, 1)
const identity = {
  issuedAtMs,
  notBeforeMs: issuedAtMs - 15 * minuteMs,
  expiresAtMs: issuedAtMs + 100 * minuteMs,
}
const at = (minutes: number): number => issuedAtMs + minutes * minuteMs

describe('an identity of a hundred minutes', () => {
  test.each([
    ['just issued', 0, 0, { kind: 'keep', untilMs: at(50) }],
    ['just issued, spread late', 0, 1, { kind: 'keep', untilMs: at(70) }],
    ['before its time', 49, 0, { kind: 'keep', untilMs: at(50) }],
    ['at its time', 50, 0, { kind: 'renew' }],
    ['past half, spread late', 69, 1, { kind: 'keep', untilMs: at(70) }],
    ['found late, after sleep', 99, 0, { kind: 'renew' }],
    ['at its end', 100, 0, { kind: 'expired' }],
    ['a day after', 1500, 1, { kind: 'expired' }],
    ['with the clock set back a little', -10, 0, { kind: 'keep', untilMs: at(50) }],
    ['with the clock set back past its start', -16, 0, { kind: 'renew' }],
  ] as const)('%s', (_, nowMinutes, spread, decision) => {
    expect(decideRenewal(identity, at(nowMinutes), spread)).toEqual(decision)
  })
})

test('identities from credentials that are about to end are made once a minute at most', () => {
  const short = { ...identity, expiresAtMs: at(1.5) }
  expect(decideRenewal(short, at(0.9), 0)).toEqual({ kind: 'keep', untilMs: at(1) })
  expect(decideRenewal(short, at(1), 0)).toEqual({ kind: 'renew' })
})

test('is never kept beyond its end', () => {
  const shorter = { ...identity, expiresAtMs: at(0.5) }
  expect(decideRenewal(shorter, at(0), 1)).toEqual({ kind: 'keep', untilMs: at(0.5) })
  expect(decideRenewal(shorter, at(0.5), 1)).toEqual({ kind: 'expired' })
})
