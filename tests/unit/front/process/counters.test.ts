import { expect, test } from 'vitest'

import { Counters } from '../../../../src-main/front/process/counters.ts'
import { latencyBucketOf } from '../../../../src-main/lib/latency-histogram.ts'
import type { RequestRecord } from '../../../../src-main/front/webdav/request-observer.ts'

function record(parts: Partial<RequestRecord>): RequestRecord {
  return {
    method: 'GET',
    path: '/',
    status: 200,
    ms: 1,
    bytesIn: 0,
    bytesOut: 0,
    manner: 'standard',
    ...parts,
  }
}

test('a front that nobody has asked anything counts zeros', () => {
  expect(new Counters(() => 0).snapshot()).toEqual({
    requests: 0,
    refused: 0,
    bytesIn: 0,
    bytesOut: 0,
    backendCalls: 0,
    inFlight: 0,
    latencyMs: { p50: 0, p95: 0, max: 0 },
    latencyCounts: [],
  })
})

test('each request counts where its time belongs, unless it moved so many bytes that they took the time', () => {
  const counters = new Counters(() => 0)
  for (const ms of [0.05, 5, 5, 400]) counters.ended(record({ ms }))
  counters.ended(record({ ms: 90_000, bytesOut: 1_000_000 }))
  const counts = counters.snapshot().latencyCounts ?? []
  const counted = counts.flatMap((count, bucket) => (count === 0 ? [] : [[bucket, count]]))
  expect(counted).toEqual([
    [0, 1],
    [latencyBucketOf(5), 2],
    [latencyBucketOf(400), 1],
  ])
})

test('requests, bytes and backend calls add up, and a running request is in flight', () => {
  const counters = new Counters(() => 42)
  counters.started()
  counters.started()
  counters.ended(record({ bytesIn: 10, bytesOut: 5 }))
  expect(counters.snapshot()).toMatchObject({
    requests: 1,
    inFlight: 1,
    bytesIn: 10,
    bytesOut: 5,
    backendCalls: 42,
  })
})

test.each([
  [204, 0],
  [304, 0],
  [404, 0],
  [403, 1],
  [423, 1],
  [507, 1],
  [0, 0],
])('a request that ended with %i counts as refused: %i', (status, refused) => {
  const counters = new Counters(() => 0)
  counters.started()
  counters.ended(record({ status }))
  expect(counters.snapshot().refused).toBe(refused)
})

test('percentiles are of the last thousand requests only', () => {
  const counters = new Counters(() => 0)
  const serve = (ms: number): void => {
    counters.started()
    counters.ended(record({ ms }))
  }
  for (let i = 0; i < 500; i++) serve(10_000)
  for (let i = 1; i <= 1_000; i++) serve(i)
  expect(counters.snapshot().latencyMs).toEqual({ p50: 501, p95: 951, max: 1_000 })
})
