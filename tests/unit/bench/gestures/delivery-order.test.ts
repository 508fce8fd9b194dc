import { expect, test } from 'vitest'

import { largestDisplacement } from '../../../../bench/gestures/pending/delivery-order.ts'

const written = (...paths: readonly string[]) =>
  paths.map((path, startMs) => ({ method: 'write', path, startMs, endMs: startMs + 1 }))

test.each([
  [['a', 'b', 'c'], 0],
  [['b', 'a', 'c'], 1],
  [['c', 'a', 'b'], 2],
])('writing %j for a, b, c displaces by %i', (paths, expected) => {
  expect(largestDisplacement(written(...paths), ['a', 'b', 'c'])).toBe(expected)
})

test('other calls than writes do not count', () => {
  const stat = { method: 'stat', path: 'b', startMs: -1 }
  expect(largestDisplacement([stat, ...written('a', 'b')], ['a', 'b'])).toBe(0)
})

test('an upload that is missing or written twice is an error', () => {
  expect(() => largestDisplacement(written('a'), ['a', 'b'])).toThrow('b was not written')
  expect(() => largestDisplacement(written('a', 'a'), ['a'])).toThrow('written twice')
})
