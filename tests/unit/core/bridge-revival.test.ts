import { expect, test } from 'vitest'

import { revivalPauseMs } from '../../../src-main/core/bridge-revival.ts'
import type { ErrorCode } from '../../../src-main/shared/errors.ts'

const minute = 60_000
const longest = (code: ErrorCode, failures: number): number => revivalPauseMs(failures, code, () => 0)

test.each<readonly [ErrorCode, number, number]>([
  ['bridge-died', 0, 0],
  ['bridge-died', 1, 500],
  ['bridge-died', 3, 2_000],
  ['bridge-died', 100, minute],
  ['engine-not-running', 1, 500],
  ['engine-not-running', 100, 5_000],
  ['image-build-failed', 0, 0],
  ['image-build-failed', 1, 5_000],
  ['image-build-failed', 4, 40_000],
  ['image-build-failed', 100, 15 * minute],
  ['engine-no-nfs', 100, 15 * minute],
  ['access-denied', 100, 15 * minute],
  ['server-unreachable', 100, minute],
])('a bridge lost by %s is made anew after %i failures in a row in %i ms', (code, failures, pauseMs) => {
  expect(longest(code, failures)).toBe(pauseMs)
})

test('chance takes up to a half off', () => {
  expect(revivalPauseMs(100, 'bridge-died', () => 1)).toBe(30_000)
})
