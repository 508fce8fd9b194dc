import { describe, expect, it } from 'vitest'

import { systemClock } from '../../../src-main/lib/clock.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'

describe.each([
  ['the system clock', () => systemClock],
  ['the fake clock', () => new FakeClock()],
])('%s', (_name, makeClock) => {
  it('rejects a sleep at once with the reason of the abort', async () => {
    const abort = new AbortController()
    const sleeping = makeClock().sleep(60_000, abort.signal)
    abort.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow('enough')
  })

  it('does not begin a sleep under a signal that is aborted already', async () => {
    await expect(makeClock().sleep(60_000, AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
  })
})

describe('the system clock', () => {
  it('ends a sleep when its time has passed', async () => {
    const startMs = systemClock.monotonicMs()
    await systemClock.sleep(5)
    expect(systemClock.monotonicMs()).toBeGreaterThan(startMs)
  })

  it('does not run a timer that was disposed', async () => {
    let ran = false
    systemClock.setTimeout(() => (ran = true), 0)[Symbol.dispose]()
    await systemClock.sleep(5)
    expect(ran).toBe(false)
  })
})

describe('the fake clock', () => {
  it('stands still until it is advanced, and runs what falls due in order, each at its own moment', async () => {
    const clock = new FakeClock(1_000)
    const seen: string[] = []
    clock.setTimeout(() => seen.push(`late ${clock.now()}`), 20)
    clock.setTimeout(() => seen.push(`early ${clock.now()}`), 10)
    clock.setTimeout(() => seen.push('never'), 15)[Symbol.dispose]()
    await clock.advance(9)
    expect(seen).toEqual([])
    await clock.advance(50)
    expect(seen).toEqual(['early 1010', 'late 1020'])
    expect(clock.now()).toBe(1_059)
    expect(clock.pendingCount).toBe(0)
  })

  it('goes round a loop of sleeps as often as real time would', async () => {
    const clock = new FakeClock()
    let rounds = 0
    const abort = new AbortController()
    const looping = (async () => {
      for (;;) {
        await clock.sleep(10, abort.signal)
        rounds++
      }
    })()
    await clock.advance(35)
    expect(rounds).toBe(3)
    abort.abort(new Error('done'))
    await expect(looping).rejects.toThrow('done')
    expect(clock.pendingCount).toBe(0)
  })
})
