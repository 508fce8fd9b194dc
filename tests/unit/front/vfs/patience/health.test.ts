import { beforeEach, describe, expect, test } from 'vitest'

import { Health } from '../../../../../src-main/front/vfs/patience/health.ts'
import { AppError } from '../../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { FaultBackend } from '../../../../fakes/fault-backend.ts'
import { MemoryBackend } from '../../../../fakes/memory-backend.ts'

let clock: FakeClock
let backend: FaultBackend
let health: Health
let heard: string[]

beforeEach(() => {
  clock = new FakeClock()
  backend = new FaultBackend(new MemoryBackend(clock), clock)
  heard = []
  health = new Health(clock, (signal) => backend.statfs({ signal }), {
    onHealth: (kind) => heard.push(kind),
    onStalled: (operation) => heard.push(`stalled in ${operation}`),
    onRecovered: (afterMs) => heard.push(`recovered after ${afterMs}`),
  })
})

describe('a backend that answers its clients', () => {
  test('is asked nothing by us', async () => {
    health.watch('stat', true).answered()
    health.watch('read', false).failed(new AppError('not-found'))
    await clock.advance(60_000)
    expect([backend.totalCalls, heard, clock.pendingCount]).toEqual([0, [], 0])
  })

  test('but not one of them is asked itself, and believed', async () => {
    const hanging = health.watch('list', true)
    await clock.advance(4_999)
    expect(backend.calls.statfs).toBe(0)
    await clock.advance(1)
    expect(backend.calls.statfs).toBe(1)
    await clock.advance(10_000)
    expect(heard).toEqual([])
    hanging.answered()
  })

  test('is not suspected while any of them is answered', async () => {
    health.watch('list', true)
    for (let i = 0; i < 10; i++) {
      await clock.advance(2_000)
      health.watch('stat', true).answered()
    }
    expect(backend.totalCalls).toBe(0)
  })
})

describe('after a sleep of the machine', () => {
  test('a backend that was well is asked at once, and its silence noticed soon', async () => {
    backend.inject({ effect: { kind: 'stall' } })
    health.wake()
    expect(backend.calls.statfs).toBe(1)
    await clock.advance(3_000)
    expect(health.kind).toBe('stalled')
    health[Symbol.dispose]()
  })

  test('a silent one is asked anew at once, although it is being asked, and found back', async () => {
    let isBack = false
    let asked = 0
    const ping = (): Promise<unknown> => {
      asked += 1
      return isBack ? Promise.resolve() : new Promise(() => undefined)
    }
    using own = new Health(clock, ping)
    const hanging = own.watch('list', true)
    hanging.overran(0)
    await clock.advance(10_500)
    isBack = true
    const askedBefore = asked
    own.wake()
    await clock.advance(0)
    expect([asked, own.kind]).toEqual([askedBefore + 1, 'ok'])
  })

  test('and asked at rising intervals again from then on', async () => {
    backend.inject({ effect: { kind: 'error', code: 'backend-failed' } })
    for (let i = 0; i < 3; i++) health.watch('stat', true).failed(new AppError('backend-failed'))
    await clock.advance(60_000)
    const { statfs } = backend.calls
    health.wake()
    await clock.advance(3_600)
    expect(backend.calls.statfs).toBe(statfs + 4)
    health[Symbol.dispose]()
  })

  test('nothing is asked by who has been disposed', () => {
    health[Symbol.dispose]()
    health.wake()
    expect(backend.totalCalls).toBe(0)
  })
})

describe('a backend that answers nobody', () => {
  test('is stalled, asked again and again, and recovered when it answers', async () => {
    const stall = backend.inject({ effect: { kind: 'stall' } })
    const hanging = health.watch('list', true)
    await clock.advance(8_000)
    expect([health.kind, heard]).toEqual(['stalled', ['stalled', 'stalled in list']])
    await clock.advance(30_000)
    stall[Symbol.dispose]()
    await clock.advance(10_000)
    hanging.answered()
    expect(heard.slice(2)).toEqual(['ok', expect.stringMatching(/^recovered after \d+$/)])
    const { totalCalls } = backend
    await clock.advance(600_000)
    expect([backend.totalCalls, clock.pendingCount]).toEqual([totalCalls, 0])
  })

  test('is down after a minute, which nobody is told twice', async () => {
    backend.inject({ effect: { kind: 'stall' } })
    health.watch('list', true)
    await clock.advance(90_000)
    expect(heard).toEqual(['stalled', 'stalled in list', 'down'])
  })

  test('is asked one question at a time, and less and less often', async () => {
    backend.inject({ effect: { kind: 'stall' } })
    health.watch('list', true)
    await clock.advance(60_000)
    const early = backend.calls.statfs
    expect(backend.heldUp).toBeLessThanOrEqual(1)
    await clock.advance(600_000)
    expect(backend.calls.statfs - early).toBeLessThanOrEqual(32)
  })

  test('says so itself: then no doubt is left', () => {
    health.watch('write', false).failed(new AppError('stalled'))
    expect(heard).toEqual(['stalled', 'stalled in write'])
  })

  test('and overruns a deadline is stalled, unless others are answered meanwhile', async () => {
    const alone = health.watch('read', false)
    await clock.advance(20_000)
    alone.overran(20_000)
    expect(health.isStalled).toBe(true)
    health.watch('stat', true).answered()
    const oneOfMany = health.watch('read', false)
    await clock.advance(20_000)
    health.watch('stat', true).answered()
    oneOfMany.overran(20_000)
    await clock.advance(0)
    expect(health.isStalled).toBe(false)
  })
})

describe('a backend that fails', () => {
  test('for one client only is slow for a moment, and its volume is not called stalled', async () => {
    for (let i = 0; i < 5; i++) health.watch('read', false).failed(new AppError('backend-failed'))
    expect(health.kind).toBe('slow')
    await clock.advance(10_000)
    expect(heard).toEqual(['slow', 'ok'])
  })

  test('for everybody is down', async () => {
    backend.inject({ effect: { kind: 'error', code: 'backend-failed' } })
    for (let i = 0; i < 3; i++) health.watch('read', false).failed(new AppError('backend-failed'))
    await clock.advance(1_000)
    expect(heard).toEqual(['slow', 'down', 'stalled in statfs'])
  })
})

test('what waits for a stall or its end is told, until it no longer listens', () => {
  const told: string[] = []
  const listening = [
    health.stalls.on(() => told.push('stall')),
    health.recoveries.on(() => told.push('recovery')),
  ]
  const stallAndRecover = (): void => {
    health.watch('stat', true).failed(new AppError('stalled'))
    health.watch('stat', true).answered()
  }
  stallAndRecover()
  for (const one of listening) one[Symbol.dispose]()
  stallAndRecover()
  expect(told).toEqual(['stall', 'recovery'])
})

test('a front that closes asks nothing more', async () => {
  backend.inject({ effect: { kind: 'stall' } })
  health.watch('stat', true).failed(new AppError('stalled'))
  await clock.advance(2_000)
  health[Symbol.dispose]()
  const { totalCalls } = backend
  await clock.advance(600_000)
  expect([backend.totalCalls, backend.heldUp, clock.pendingCount]).toEqual([totalCalls, 0, 0])
})

describe('a backend whose coming and going is told', () => {
  test('is silent from the moment it is gone, and well from the moment it has come', () => {
    health.hearPresence(false)
    expect(health.isStalled).toBe(true)
    health.hearPresence(true)
    expect(health.kind).toBe('ok')
    expect(heard).toEqual(['stalled', 'stalled in bridge', 'ok', 'recovered after 0'])
    health[Symbol.dispose]()
  })

  test('is asked while it is gone, in case it is there all the same', async () => {
    health.hearPresence(false)
    await clock.advance(500)
    expect(backend.calls.statfs).toBe(1)
    expect(health.kind).toBe('ok')
  })

  test('has to show itself that it is slow no more', () => {
    for (let i = 0; i < 3; i++) health.watch('stat', true).failed(new AppError('backend-failed'))
    health.hearPresence(true)
    expect(health.kind).toBe('slow')
    health[Symbol.dispose]()
  })
})
