import { expect, test } from 'vitest'

import { copyInSmall } from '../../../../bench/gestures/gestures/copying.ts'
import { readBigAgain } from '../../../../bench/gestures/gestures/reading.ts'
import { mountbar } from '../../../../bench/gestures/servers/mountbar.ts'
import { failureLines, gestureLines, targetLines } from '../../../../bench/gestures/report.ts'
import { Results, type Sample } from '../../../../bench/gestures/results.ts'

const sample = (seconds: number, breakdown: Readonly<Record<string, number>> = {}): Sample => ({
  seconds,
  deliveredSeconds: seconds,
  waitedCalls: 0,
  totalCalls: Object.values(breakdown).reduce((sum, count) => sum + count, 0),
  requests: 8,
  breakdown,
})

test('figures are medians over the rounds', () => {
  const results = new Results()
  for (const seconds of [3, 1, 2]) results.add('mountbar', 'g', sample(seconds))
  expect(results.figures('mountbar', 'g')?.seconds).toBe(2)
})

test('a server that failed once has no figures, and the report says why', () => {
  const results = new Results()
  results.add('mountbar', copyInSmall.id, sample(1))
  results.fail('mountbar', copyInSmall.id, 'it burnt')
  const report = { gestures: [copyInSmall], servers: [mountbar], results }
  expect(results.figures('mountbar', copyInSmall.id)).toBeUndefined()
  expect(gestureLines(copyInSmall, report).join()).toContain('failed')
  expect(failureLines(report)).toEqual(['Mountbar failed copy-in-4k: it burnt'])
  expect(targetLines(report).join()).toContain('not measured')
})

test.each([
  [{ stat: 1, write: 1 }, 'yes'],
  [{ stat: 2, write: 2 }, 'NO'],
])('a small copy that makes the calls %o reaches its target: %s', (breakdown, reached) => {
  const results = new Results()
  results.add('mountbar', copyInSmall.id, sample(1, breakdown))
  expect(targetLines({ gestures: [copyInSmall], servers: [mountbar], results }).at(-1)).toMatch(
    new RegExp(`${reached}$`),
  )
})

test.each([
  [{ stat: 1 }, 'yes'],
  [{ read: 1 }, 'NO'],
  [{ stat: 2 }, 'NO'],
])('a second open that makes the calls %o reaches its target: %s', (breakdown, reached) => {
  const results = new Results()
  results.add('mountbar', readBigAgain.id, sample(1, breakdown))
  expect(targetLines({ gestures: [readBigAgain], servers: [mountbar], results }).at(-1)).toMatch(
    new RegExp(`${reached}$`),
  )
})
