import { expect, test } from 'vitest'

import { explainDenial, type DenialFacts } from '../../../src-main/core/bridge-denial.ts'

const minuteMs = 60_000
const good: Omit<DenialFacts, 'code'> = { nowMs: 1_000_000, identityExpiresAtMs: 2_000_000, skewMs: 0 }

test.each<[string, DenialFacts['code'], Partial<DenialFacts>, DenialFacts['code']]>([
  ['a refusal stays one', 'access-denied', {}, 'access-denied'],
  [
    'an identity that has ended explains it',
    'access-denied',
    { identityExpiresAtMs: 1_000_000 },
    'identity-expired',
  ],
  ['a clock that lags explains it', 'access-denied', { skewMs: -6 * minuteMs }, 'clock-skewed'],
  ['a clock that is ahead explains it', 'access-denied', { skewMs: 6 * minuteMs }, 'clock-skewed'],
  ['a clock that is nearly right does not', 'access-denied', { skewMs: 5 * minuteMs }, 'access-denied'],
  [
    'nothing is known yet',
    'access-denied',
    { identityExpiresAtMs: undefined, skewMs: undefined },
    'access-denied',
  ],
  [
    'a certificate looks untrusted to a wrong clock',
    'server-untrusted',
    { skewMs: -60 * minuteMs },
    'clock-skewed',
  ],
  [
    'an identity says nothing about the server’s',
    'server-untrusted',
    { identityExpiresAtMs: 0 },
    'server-untrusted',
  ],
  ['other trouble has other reasons', 'server-unreachable', { skewMs: 60 * minuteMs }, 'server-unreachable'],
])('%s', (_case, code, facts, expected) => {
  expect(explainDenial({ code, ...good, ...facts })).toBe(expected)
})
