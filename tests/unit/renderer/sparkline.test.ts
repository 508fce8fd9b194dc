import { expect, test } from 'vitest'

import { sparklinePaths } from '../../../src-renderer/components/sparkline.ts'

const size = { width: 40, height: 12, leastMax: 10 }

test('samples are spread over the width, the largest at the top', () => {
  expect(sparklinePaths([0, 20, 10], size)).toEqual({
    line: 'M0 11L20 1L40 6',
    area: 'M0 12L0 11L20 1L40 6L40 12Z',
    gaps: '',
  })
})

test('small values stay small: the scale has a least end', () => {
  expect(sparklinePaths([1, 1], size).line).toBe('M0 10L40 10')
})

test('a gap divides the line and is bridged on its own, and a sample on its own is still seen', () => {
  const { line, area, gaps } = sparklinePaths([10, 10, null, 10, null], size)
  expect(line).toBe('M0 1L10 1M29 1H31')
  expect(area).toBe('M0 12L0 1L10 1L10 12Z')
  expect(gaps).toBe('M10 1L30 1')
})

test.each([[[]], [[null, null]]])('%j draws nothing', (samples) => {
  expect(sparklinePaths(samples, size)).toEqual({ line: '', area: '', gaps: '' })
})

test('one sample alone is drawn at the left edge, and nothing is NaN', () => {
  expect(sparklinePaths([5], size).line).toBe('M0 6H1')
})
