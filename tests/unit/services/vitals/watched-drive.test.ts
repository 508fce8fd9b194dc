import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { latencyBucketOf } from '../../../../src-main/lib/latency-histogram.ts'
import { silentLogger } from '../../../../src-main/lib/logger.ts'
import { createVitals } from '../../../../src-main/services/vitals/create-vitals.ts'
import type { FrontStatus, Vitals, WatchedDrive } from '../../../../src-main/services/vitals/vitals.ts'
import type { FrontCounters } from '../../../../src-main/shared/front-protocol.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { FakeMetrics } from '../../../fakes/fake-metrics.ts'
import { FakeObjectStore } from '../../../fakes/fake-object-store.ts'
import { noUploads } from '../../../fixtures/uploads.ts'

let clock: FakeClock
let vitals: Vitals
let drive: WatchedDrive
let changes: number

beforeEach(() => {
  clock = new FakeClock()
  const objects = new FakeObjectStore(clock)
  vitals = createVitals({ objects, metrics: new FakeMetrics(), clock, log: silentLogger })
  drive = vitals.watch({
    driveId: 'd1',
    objects: { kind: 'simulated', sourceDir: '/nowhere', bucketDir: '/nowhere' },
  })
  changes = 0
  drive.changed.on(() => (changes += 1))
})
afterEach(() => vitals[Symbol.dispose]())

function counters(totals: Partial<FrontCounters>): FrontCounters {
  const latencyMs = { p50: 0, p95: 0, max: 0 }
  const nothing = { requests: 0, refused: 0, bytesIn: 0, bytesOut: 0, backendCalls: 0, inFlight: 0 }
  return { ...nothing, latencyMs, ...totals }
}

function report(totals: Partial<FrontCounters>): void {
  drive.hear({ type: 'counters', counters: counters(totals) })
}

function countsOf(...timesMs: readonly number[]): number[] {
  const counts: number[] = []
  for (const ms of timesMs) {
    const bucket = latencyBucketOf(ms)
    while (counts.length <= bucket) counts.push(0)
    counts[bucket] = counts[bucket]! + 1
  }
  return counts
}

test('a drive of which nothing was heard shows nothing moving', () => {
  expect(drive.view()).toMatchObject({ latency: undefined, bytesInPerSec: 0, bytesOutPerSec: 0 })
})

describe('throughput', () => {
  test('is what was moved between two reports, over five seconds, and falls to nothing by itself', async () => {
    report({ requests: 1, bytesIn: 1_000_000 })
    expect(drive.view().bytesInPerSec).toBe(0)
    await clock.advance(1_000)
    report({ requests: 2, bytesIn: 1_500_000, bytesOut: 100 })
    expect(drive.view()).toMatchObject({ bytesInPerSec: 100_000, bytesOutPerSec: 20 })
    const before = changes
    await clock.advance(6_000)
    expect(drive.view()).toMatchObject({ bytesInPerSec: 0, bytesOutPerSec: 0 })
    expect(changes).toBeGreaterThan(before)
    expect(clock.pendingCount).toBe(0)
  })

  test('of a front that was started anew is what that has moved', async () => {
    report({ requests: 50, bytesIn: 1_000_000 })
    await clock.advance(1_000)
    report({ requests: 1, bytesIn: 5_000 })
    expect(drive.view().bytesInPerSec).toBe(1_000)
  })
})

describe('latency', () => {
  test('is that of the front’s requests where no mount is probed', () => {
    report({ requests: 1, latencyCounts: countsOf(5_000) })
    report({ requests: 4, latencyCounts: countsOf(5_000, 10, 10, 40) })
    const { p50Ms, p95Ms } = drive.view().latency!
    expect(Math.round(p50Ms / 10)).toBe(1)
    expect(Math.round(p95Ms / 10)).toBe(4)
    expect(drive.latencies().requests?.samples).toBe(3)
  })

  test('is that of the mount where it is probed: most requests never leave this machine', () => {
    report({ requests: 1, latencyCounts: [] })
    report({ requests: 2, latencyCounts: countsOf(0.2) })
    drive.roundTrip(30)
    expect(drive.view().latency?.p50Ms).toBeGreaterThan(25)
    expect(drive.latencies()).toMatchObject({ roundTrips: { samples: 1 }, requests: { samples: 1 } })
  })

  test('is gone with the volume, and begins anew with the next', () => {
    drive.roundTrip(30)
    drive.setMounted(false)
    drive.roundTrip(30)
    expect(drive.view().latency).toBeUndefined()
    drive.setMounted(true)
    drive.roundTrip(50)
    expect(drive.latencies().roundTrips).toMatchObject({ samples: 1, maxMs: 50 })
  })
})

test('a change is told at once, and no more than twice a second', async () => {
  drive.roundTrip(1)
  expect(changes).toBe(1)
  for (let ms = 0; ms < 2_000; ms += 10) {
    drive.roundTrip(1)
    await clock.advance(10)
  }
  expect(changes).toBeLessThanOrEqual(5)
  expect(changes).toBeGreaterThanOrEqual(4)
})

test('the age of what is on its way is told as it grows', async () => {
  drive.hear({ type: 'saved', id: 1, path: '/a', size: 3, atMs: clock.now() })
  const before = changes
  await clock.advance(20_000)
  expect(changes - before).toBe(4)
  expect(drive.view().sync?.oldestMs).toBe(20_000)
})

test('a front that has nothing left to deliver has delivered also what it was not heard to', async () => {
  const uploads = { ...noUploads, pending: 1 }
  const front = {
    driveId: 'd1',
    driveName: 'Photos',
    url: 'http://127.0.0.1:1/',
    pid: 1,
    uptimeMs: 1,
  } as const
  const rest = { health: 'ok', counters: counters({}), draining: false } as const
  const status: FrontStatus = { type: 'status', ...front, ...rest, uploads }
  const told: string[] = []
  drive.recent.on(({ what }) => told.push(what))
  drive.hear({ type: 'saved', id: 1, path: '/a', size: 3, atMs: clock.now() })
  drive.hearStatus(status)
  expect(told).toEqual(['saved'])
  drive.hearStatus({ ...status, uploads: noUploads })
  drive.hearStatus({ ...status, uploads: noUploads })
  expect(told).toEqual(['saved', 'delivered'])
  // Its source is nowhere: there is nothing that could arrive.
  await clock.advance(61_000)
  await expect.poll(() => drive.view().sync?.pending).toBe(0)
})

test('a file that has left no trace for a day is not on its way any more', async () => {
  drive.hear({ type: 'saved', id: 1, path: '/a', size: 3, atMs: clock.now() })
  clock.sleepOver(24 * 3_600_000)
  await clock.advance(10_000)
  expect(drive.view().sync?.pending).toBe(0)
})

test('nothing is told and nothing waits after its end', async () => {
  drive.roundTrip(1)
  drive.roundTrip(1)
  drive[Symbol.dispose]()
  await clock.advance(10_000)
  drive.roundTrip(1)
  await clock.advance(10_000)
  expect(changes).toBe(1)
  expect(clock.pendingCount).toBe(0)
})
