import { expect, test } from 'vitest'

import { waitedCalls } from '../../../../bench/gestures/front/interval.ts'

const requests = [
  { startMs: 0, endMs: 10 },
  { startMs: 20, endMs: 60 },
]

test.each([
  ['inside a request', { startMs: 25, endMs: 45 }, 1],
  ['exactly as long as its request', { startMs: 20, endMs: 60 }, 1],
  ['begun in a request and going on behind its answer', { startMs: 5, endMs: 25 }, 0],
  ['between requests', { startMs: 12, endMs: 18 }, 0],
  ['begun before the request it ends in', { startMs: 15, endMs: 30 }, 0],
  ['still going on after all answers', { startMs: 25 }, 0],
])('a call %s is waited for by %o: %i', (_, call, expected) => {
  expect(waitedCalls([call], requests)).toHaveLength(expected)
})

test('a call that is going on while its request is open is waited for', () => {
  expect(waitedCalls([{ startMs: 5 }], [{ startMs: 0 }])).toHaveLength(1)
})
