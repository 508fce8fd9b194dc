import { expect, test } from 'vitest'

import { backoffDelayMs } from '../../../src-main/core/backoff.ts'

const backoff = { firstMs: 100, maxMs: 1_000 }

test.each([
  { attempt: 0, random: 0, delayMs: 100 },
  { attempt: 0, random: 1, delayMs: 50 },
  { attempt: 1, random: 0, delayMs: 200 },
  { attempt: 3, random: 0, delayMs: 800 },
  { attempt: 4, random: 0, delayMs: 1_000 },
  { attempt: 4, random: 0.5, delayMs: 750 },
  { attempt: 5_000, random: 0, delayMs: 1_000 },
])('attempt $attempt with random $random waits $delayMs ms', ({ attempt, random, delayMs }) => {
  expect(backoffDelayMs(attempt, backoff, () => random)).toBe(delayMs)
})
