import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, test } from 'vitest'

import { latencyOfBucket } from '../../../../src-main/lib/latency-histogram.ts'
import { LatencyWindow } from '../../../../src-main/services/vitals/latency-window.ts'

const minuteMs = 60_000

test('shows nothing before the first sample', () => {
  const window = new LatencyWindow()
  expect(window.view(0)).toBeUndefined()
  expect(window.summary(0)).toBeUndefined()
})

test('tells the middle, the slow end and the slowest of all that came', () => {
  const window = new LatencyWindow()
  for (let ms = 1; ms <= 100; ms++) window.add(ms, 1_000)
  const summary = window.summary(2_000)!
  expect(summary.samples).toBe(100)
  expect(summary.maxMs).toBe(100)
  expect(Math.abs(summary.p50Ms - 50)).toBeLessThan(6)
  expect(Math.abs(summary.p95Ms - 95)).toBeLessThan(10)
})

test('never shows a middle above the slowest', () => {
  const window = new LatencyWindow()
  const ms = 0.95 * latencyOfBucket(30)
  window.add(ms, 0)
  expect(window.summary(0)).toEqual({ p50Ms: ms, p95Ms: ms, maxMs: ms, samples: 1 })
})

test('has a point for each half minute, the oldest first, and a gap where nothing came', () => {
  const window = new LatencyWindow()
  window.add(10, 0)
  window.add(40, 2 * minuteMs)
  const { history } = window.view(2 * minuteMs)!
  expect(history).toHaveLength(30)
  const points = history.map((ms) => (ms === null ? null : Math.round(ms / 10) * 10))
  expect(points.slice(-5)).toEqual([10, null, null, null, 40])
  expect(points.slice(0, 25).every((point) => point === null)).toBe(true)
})

test('forgets what is older than 15 minutes, also when nothing comes after it', () => {
  const window = new LatencyWindow()
  window.add(500, 0)
  expect(window.summary(14 * minuteMs)?.samples).toBe(1)
  expect(window.summary(15 * minuteMs)).toBeUndefined()
  window.add(1, 15 * minuteMs)
  expect(window.summary(15 * minuteMs)?.maxMs).toBe(1)
})

test('takes counts that were not told one by one', () => {
  const window = new LatencyWindow()
  window.addCounts([0, 0, 3, 1], 0)
  expect(window.summary(0)?.samples).toBe(4)
})

test('takes no more room after a day of samples than after a quarter of an hour', () => {
  const window = new LatencyWindow()
  const feed = (fromMs: number, toMs: number): void => {
    for (let nowMs = fromMs; nowMs < toMs; nowMs += 100) window.add(1 + (nowMs % 97), nowMs)
  }
  feed(0, 15 * minuteMs)
  const before = bytesInUse()
  const dayMs = 24 * 60 * minuteMs
  feed(15 * minuteMs, dayMs)
  // One number for each of the samples would be seven million.
  expect(bytesInUse() - before).toBeLessThan(500_000)
  expect(window.summary(dayMs - 1)?.samples).toBe(15 * 60 * 10)
})

function bytesInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
