import { beforeEach, describe, expect, test } from 'vitest'

import { isAppError } from '../../../src-main/shared/errors.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { FaultBackend } from '../../fakes/fault-backend.ts'
import { chunksOf, MemoryBackend, textOf } from '../../fakes/memory-backend.ts'
import { at, call } from '../../harness/open-vfs.ts'
import { waitFor } from '../../harness/wait-for.ts'

let clock: FakeClock
let memory: MemoryBackend
let faults: FaultBackend

beforeEach(() => {
  clock = new FakeClock()
  memory = new MemoryBackend(clock)
  memory.put('/a.txt', 'old content')
  faults = new FaultBackend(memory, clock)
})

const read = async (path: string): Promise<string> =>
  textOf((await faults.read(at(path), undefined, call)).body)
const write = (path: string, text: string) => faults.write(at(path), chunksOf(text), call)
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => (isAppError(error) ? error.code : error),
  )

describe('a fault', () => {
  test('meets only the methods, paths and number of calls it is meant for', async () => {
    faults.inject({ effect: { kind: 'error', code: 'busy' }, methods: ['stat'], path: '^/a', times: 2 })
    expect(await codeOf(read('/a.txt'))).toBe('no error')
    expect(await codeOf(faults.stat(at('/b.txt'), call))).toBe('not-found')
    const codes = [1, 2, 3].map(() => codeOf(faults.stat(at('/a.txt'), call)))
    expect(await Promise.all(codes)).toEqual(['busy', 'busy', 'no error'])
    expect(faults.calls).toMatchObject({ stat: 4, read: 1 })
  })

  test('that stalls holds calls up until it is lifted; one that is called off meanwhile has done nothing', async () => {
    const controller = new AbortController()
    const stall = faults.inject({ effect: { kind: 'stall' } })
    const calledOff = codeOf(faults.write(at('/b.txt'), chunksOf('b'), { signal: controller.signal }))
    const held = write('/c.txt', 'c')
    await waitFor(() => faults.heldUp === 2, { what: 'both calls to be held up' })
    controller.abort()
    expect(await calledOff).toBe('cancelled')
    stall[Symbol.dispose]()
    await held
    expect(memory.snapshot()).toEqual({ '/a.txt': 'old content', '/c.txt': 'c' })
  })

  test('that loses the answer lets the work be done', async () => {
    faults.inject({ effect: { kind: 'lost-answer', code: 'stalled' }, times: 1 })
    expect(await codeOf(write('/a.txt', 'new'))).toBe('stalled')
    expect(await read('/a.txt')).toBe('new')
  })

  test('that delays takes a time that the seed decides', async () => {
    const durations = async (seed: number): Promise<number[]> => {
      const jittery = new FaultBackend(memory, clock, seed)
      jittery.inject({ effect: { kind: 'latency', latencyMs: 20, jitterMs: 30 } })
      const taken: number[] = []
      for (let i = 0; i < 5; i++) {
        const startedMs = clock.monotonicMs()
        const answer = jittery.stat(at('/a.txt'), call)
        await clock.advance(50)
        taken.push(await answer.then(() => clock.monotonicMs() - startedMs))
      }
      return taken
    }
    expect(await durations(7)).toEqual(await durations(7))
  })
})

describe('a body', () => {
  test.each([
    [{ kind: 'short-read', afterBytes: 3 }, 'old'],
    [{ kind: 'short-read', afterBytes: 100 }, 'old content'],
    [{ kind: 'drip', chunkBytes: 4, everyMs: 10 }, 'old content'],
  ] as const)('with %j is read as "%s"', async (effect, expected) => {
    faults.inject({ effect })
    const text = read('/a.txt')
    await clock.advance(1_000)
    expect(await text).toBe(expected)
  })

  test.each([0, 3, 11, 100])('that breaks off after %i bytes says so', async (afterBytes) => {
    faults.inject({ effect: { kind: 'disconnect', afterBytes, code: 'backend-failed' } })
    expect(await codeOf(read('/a.txt'))).toBe('backend-failed')
    expect(await codeOf(write('/a.txt', 'new content'))).toBe('backend-failed')
    expect(memory.snapshot()).toEqual({ '/a.txt': 'old content' })
  })

  test('that stands still goes on when the fault is lifted', async () => {
    const stall = faults.inject({ effect: { kind: 'body-stall', afterBytes: 3 } })
    const [text, written] = [read('/a.txt'), write('/b.txt', 'new')]
    await waitFor(() => faults.heldUp === 2, { what: 'both bodies to stand still' })
    stall[Symbol.dispose]()
    await written
    expect([await text, memory.snapshot()['/b.txt']]).toEqual(['old content', 'new'])
  })
})
