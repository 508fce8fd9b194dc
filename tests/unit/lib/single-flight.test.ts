import { describe, expect, it, vi } from 'vitest'

import { SingleFlight } from '../../../src-main/lib/single-flight.ts'

const never = new AbortController().signal

describe('SingleFlight', () => {
  it('runs work once for callers that come while it is under way, and anew afterwards', async () => {
    const flights = new SingleFlight<number>()
    const work = vi.fn(() => Promise.resolve(work.mock.calls.length))
    expect(await Promise.all([flights.run('a', work, never), flights.run('a', work, never)])).toEqual([1, 1])
    expect(await flights.run('a', work, never)).toBe(2)
  })

  it('keeps keys apart', async () => {
    const flights = new SingleFlight<string>()
    const run = (key: string): Promise<string> => flights.run(key, () => Promise.resolve(key), never)
    expect(await Promise.all([run('a'), run('b')])).toEqual(['a', 'b'])
  })

  it('gives a failure to everybody who waits', async () => {
    const flights = new SingleFlight<string>()
    const run = (): Promise<string> => flights.run('a', () => Promise.reject(new Error('no')), never)
    const outcomes = await Promise.allSettled([run(), run()])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
  })

  it('lets one caller leave while the others get their answer', async () => {
    const flights = new SingleFlight<string>()
    const gate = Promise.withResolvers<string>()
    const leaver = new AbortController()
    let workSignal = never
    const work = (signal: AbortSignal): Promise<string> => {
      workSignal = signal
      return gate.promise
    }
    const left = flights.run('a', work, leaver.signal)
    const stayed = flights.run('a', work, never)
    leaver.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    expect(workSignal.aborted).toBe(false)
    gate.resolve('answer')
    expect(await stayed).toBe('answer')
  })

  it('calls the work off when the last caller has left, and starts afresh for the next', async () => {
    const flights = new SingleFlight<string>()
    const leaver = new AbortController()
    const signals: AbortSignal[] = []
    const work = (signal: AbortSignal): Promise<string> => {
      signals.push(signal)
      return signals.length === 1 ? Promise.withResolvers<string>().promise : Promise.resolve('second')
    }
    const left = flights.run('a', work, leaver.signal)
    leaver.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    expect(signals[0]?.aborted).toBe(true)
    expect(await flights.run('a', work, never)).toBe('second')
  })

  it('does nothing for a caller that has left already', async () => {
    const flights = new SingleFlight<string>()
    const work = vi.fn(() => Promise.resolve('answer'))
    await expect(flights.run('a', work, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
    expect(work).not.toHaveBeenCalled()
  })
})
