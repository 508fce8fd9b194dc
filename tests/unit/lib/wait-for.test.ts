import { describe, expect, test } from 'vitest'

import { waitFor, WaitTimeoutError } from '../../../src-main/lib/wait-for.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'

describe('waiting for a condition', () => {
  test('does not wait at all when it is true already', async () => {
    const clock = new FakeClock()
    await waitFor(() => true, { clock, timeoutMs: 0 })
    expect(clock.pendingCount).toBe(0)
  })

  test('looks at once, then once per interval', async () => {
    const clock = new FakeClock()
    const lookedAtMs: number[] = []
    const waiting = waitFor(() => lookedAtMs.push(clock.monotonicMs()) === 4, {
      clock,
      timeoutMs: 1_000,
      intervalMs: 30,
    })
    await clock.advance(1_000)
    await waiting
    expect(lookedAtMs).toEqual([0, 30, 60, 90])
  })

  test('takes a last look when the limit is reached, and then gives up', async () => {
    const clock = new FakeClock()
    const lookedAtMs: number[] = []
    const looks = () => lookedAtMs.push(clock.monotonicMs()) === 0
    const gaveUp = expect(waitFor(looks, { clock, timeoutMs: 70, intervalMs: 30 })).rejects.toThrow(
      WaitTimeoutError,
    )
    await clock.advance(200)
    await gaveUp
    expect(lookedAtMs).toEqual([0, 30, 60, 70])
  })

  test('ends early when the condition can no longer come true', async () => {
    const clock = new FakeClock()
    let died = false
    const failFast = () => {
      if (died) throw new Error('it died')
    }
    const ended = expect(waitFor(() => false, { clock, timeoutMs: 1_000, failFast })).rejects.toThrow(
      'it died',
    )
    await clock.advance(150)
    died = true
    await clock.advance(150)
    await ended
  })

  test('ends with the reason of the signal', async () => {
    const clock = new FakeClock()
    const cancel = new AbortController()
    const waiting = waitFor(() => false, { clock, timeoutMs: 1_000, signal: cancel.signal })
    cancel.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  test('ends with what the condition throws', async () => {
    const broken = () => Promise.reject(new Error('cannot look'))
    await expect(waitFor(broken, { clock: new FakeClock(), timeoutMs: 1_000 })).rejects.toThrow('cannot look')
  })
})
