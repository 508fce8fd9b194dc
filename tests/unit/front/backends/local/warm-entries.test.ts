import { expect, test } from 'vitest'

import { lookAtWarmEntries } from '../../../../../src-main/front/backends/local/warm-entries.ts'
import type { Clock } from '../../../../../src-main/lib/clock.ts'
import { systemClock } from '../../../../../src-main/lib/clock.ts'

const names = Array.from({ length: 100 }, (_, index) => `n${index}`)

/** A clock that only the looks move. */
function clockMovedByLooks(): { readonly clock: Clock; readonly pass: (ms: number) => void } {
  let nowMs = 0
  return { clock: { ...systemClock, monotonicMs: () => nowMs }, pass: (ms) => (nowMs += ms) }
}

test('all entries of a prompt disk are looked at, and those that need more are left', async () => {
  const { clock, pass } = clockMovedByLooks()
  const seen: string[] = []
  const look = (name: string): boolean => {
    pass(0.01)
    seen.push(name)
    return name !== 'n7' && name !== 'n99'
  }
  expect(await lookAtWarmEntries(names, look, clock, new AbortController().signal)).toEqual(['n7', 'n99'])
  expect(seen).toEqual(names)
})

test('from the first slow batch on, the rest is left', async () => {
  const { clock, pass } = clockMovedByLooks()
  const look = (name: string): boolean => {
    pass(name === 'n40' ? 20 : 0.01)
    return name !== 'n3'
  }
  const left = await lookAtWarmEntries(names, look, clock, new AbortController().signal)
  expect(left).toEqual(['n3', ...names.slice(64)])
})

test('others get their turn in between, and an abort is noticed then', async () => {
  const { clock, pass } = clockMovedByLooks()
  const abort = new AbortController()
  let looks = 0
  const look = (): boolean => {
    pass(0.1)
    looks += 1
    return true
  }
  setImmediate(() => abort.abort())
  await expect(lookAtWarmEntries(names, look, clock, abort.signal)).rejects.toMatchObject({
    code: 'cancelled',
  })
  expect(looks).toBeLessThan(names.length)
})
