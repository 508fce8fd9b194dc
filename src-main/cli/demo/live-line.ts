import type { FrontCounters } from '../../shared/front-protocol.ts'
import { formatBytes, formatCount, formatMs } from '../../lib/format.ts'

/** Counters at a moment of the monotonic clock. */
export interface Sample {
  readonly counters: FrontCounters
  readonly atMs: number
}

/** What a front is doing, in one line: totals, and the rate since the sample before. */
export function renderLiveLine(now: Sample, before: Sample | undefined): string {
  const { requests, bytesIn, bytesOut, latencyMs } = now.counters
  return [
    formatCount(requests, 'request'),
    `${requestsPerSecond(now, before)}/s`,
    `p50 ${formatMs(latencyMs.p50)}`,
    `p95 ${formatMs(latencyMs.p95)}`,
    `↓ ${formatBytes(bytesOut)}`,
    `↑ ${formatBytes(bytesIn)}`,
  ].join(' · ')
}

/** A restarted front counts from 0 again; its first rate is then 0 and not negative. */
function requestsPerSecond(now: Sample, before: Sample | undefined): number {
  if (before === undefined || now.atMs <= before.atMs) return 0
  const made = Math.max(0, now.counters.requests - before.counters.requests)
  return Math.round((made * 1000) / (now.atMs - before.atMs))
}
