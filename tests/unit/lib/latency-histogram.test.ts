import { expect, test } from 'vitest'

import {
  latencyBucketCount,
  latencyBucketOf,
  latencyOfBucket,
  percentileOf,
} from '../../../src-main/lib/latency-histogram.ts'

test.each([0.2, 1, 3.7, 64, 999, 60_000, 150_000])('%d ms is at most a tenth off in its bucket', (ms) => {
  const shown = latencyOfBucket(latencyBucketOf(ms))
  expect(Math.abs(shown - ms) / ms).toBeLessThan(0.1)
})

test.each([
  [0, 0],
  [-5, 0],
  [NaN, 0],
  [1e12, latencyBucketCount - 1],
])('%d ms is no reason to fail', (ms, bucket) => expect(latencyBucketOf(ms)).toBe(bucket))

test('percentiles are those of the samples, as far as buckets tell', () => {
  const counts = new Array<number>(latencyBucketCount).fill(0)
  const add = (ms: number): void => void (counts[latencyBucketOf(ms)]! += 1)
  for (let ms = 1; ms <= 100; ms++) add(ms)
  expect(percentileOf(counts, 0.5)).toBeCloseTo(50, -1)
  expect(percentileOf(counts, 0.95)).toBeGreaterThan(86)
  expect(percentileOf(counts, 0.95)).toBeLessThan(105)
  expect(percentileOf([], 0.5)).toBeUndefined()
  expect(percentileOf([0, 0], 0.5)).toBeUndefined()
})
