import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { watchForWakes } from '../../../src-main/lib/wake-watch.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { waitFor } from '../../harness/wait-for.ts'

const watcherPath = fileURLToPath(new URL('../../fixtures/wake-watcher.ts', import.meta.url))

let clock: FakeClock
let wakes: number
let watch: Disposable

beforeEach(() => {
  clock = new FakeClock()
  wakes = 0
  watch = watchForWakes(clock, () => (wakes += 1))
})

afterEach(() => {
  watch[Symbol.dispose]()
})

describe('a wake is noticed, once and within seconds,', () => {
  test('after a sleep in which only the wall clock went on', async () => {
    await clock.advance(60_000)
    clock.sleepOver(8 * 3_600_000)
    await clock.advance(5_000)
    expect(wakes).toBe(1)
    await clock.advance(600_000)
    expect(wakes).toBe(1)
  })

  test('after a stop, or a sleep, in which both clocks went on', async () => {
    await clock.standStill(30_000)
    expect(wakes).toBe(1)
    await clock.advance(600_000)
    expect(wakes).toBe(1)
  })

  test('after each of several sleeps', async () => {
    for (let sleeps = 0; sleeps < 3; sleeps++) {
      clock.sleepOver(60_000)
      await clock.advance(5_000)
    }
    expect(wakes).toBe(3)
  })
})

describe('no wake is', () => {
  test('a long time in which all is well', async () => {
    await clock.advance(24 * 3_600_000)
    expect(wakes).toBe(0)
  })

  test.each([1_000, 5_000, 10_000])('a machine so busy that timers are %i ms late', async (lateMs) => {
    for (let times = 0; times < 20; times++) await clock.standStill(5_000 + lateMs)
    expect(wakes).toBe(0)
  })

  test('a wall clock that is set back', async () => {
    clock.sleepOver(-3_600_000)
    await clock.advance(60_000)
    expect(wakes).toBe(0)
  })

  test('noticed any more by who has stopped watching', async () => {
    watch[Symbol.dispose]()
    clock.sleepOver(3_600_000)
    await clock.advance(60_000)
    expect([wakes, clock.pendingCount]).toEqual([0, 0])
  })
})

test('a process that was stopped and goes on notices that', async () => {
  const child = spawn(process.execPath, [watcherPath], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    await waitFor(() => said.includes('watching'), { what: 'the process to watch' })
    child.kill('SIGSTOP')
    const stoppedMs = performance.now()
    await waitFor(() => performance.now() - stoppedMs > 1_200, { what: 'the time it is to miss' })
    expect(said).toBe('watching\n')
    child.kill('SIGCONT')
    await waitFor(() => said === 'watching\nawake\n', { what: 'the process to notice' })
  } finally {
    child.kill('SIGKILL')
  }
})
