import { describe, expect, it } from 'vitest'

import type { DurableStep } from '../../../../../src-main/front/vfs/uploads/upload-store.ts'
import { MemoryDisk, MemoryUploadStore } from '../../../../fakes/memory-upload-store.ts'
import { OpenedQueue } from './open-queue.ts'

/** The power is cut. */
class Crash extends Error {}

/** What clients were promised: an answered change must be seen for ever after, an unanswered one may be. */
interface Gesture {
  readonly title: string
  readonly before?: (opened: OpenedQueue) => Promise<unknown>
  readonly does: (opened: OpenedQueue) => Promise<unknown>
  /** What the drive may hold if the gesture was not answered … */
  readonly either: readonly Record<string, string | null>[]
  /** … and what it has to hold once it was. */
  readonly then: Record<string, string | null>
}

const gestures: readonly Gesture[] = [
  {
    title: 'a new file',
    does: (opened) => opened.put('/a', 'new'),
    either: [{}],
    then: { '/a': 'new' },
  },
  {
    title: 'a save over an old file',
    before: async (opened) => {
      opened.backend.put('/a', 'old')
      await opened.see('/a')
    },
    does: (opened) => opened.put('/a', 'new'),
    either: [{ '/a': 'old' }],
    then: { '/a': 'new' },
  },
  {
    title: 'a save over one that is on its way',
    before: (opened) => opened.put('/a', 'first'),
    does: (opened) => opened.put('/a', 'second'),
    either: [{ '/a': 'first' }],
    then: { '/a': 'second' },
  },
  {
    title: 'a save and a rename',
    before: async (opened) => {
      opened.backend.put('/a', 'old')
      await opened.see('/a')
      await opened.put('/a', '')
    },
    does: (opened) => opened.move('/a', '/b'),
    either: [{ '/a': '' }],
    then: { '/b': '' },
  },
  {
    title: 'an atomic save, all of it still here',
    before: async (opened) => {
      opened.backend.put('/a', 'old')
      await opened.see('/a')
      await opened.put('/draft', '')
    },
    does: (opened) => opened.move('/draft', '/a'),
    either: [{ '/a': 'old', '/draft': '' }],
    then: { '/a': '' },
  },
  {
    title: 'a rename of a directory with uploads in it',
    before: async (opened) => {
      opened.backend.mkdir('/from')
      await opened.put('/from/a', '')
      await opened.put('/from/b', '')
    },
    does: (opened) => opened.move('/from', '/to'),
    either: [{ '/from': null, '/from/a': '', '/from/b': '' }],
    then: { '/to': null, '/to/a': '', '/to/b': '' },
  },
  {
    title: 'a removal of a directory with uploads in it',
    before: async (opened) => {
      opened.backend.mkdir('/gone')
      await opened.put('/gone/a', '')
      await opened.put('/gone/b', '')
    },
    does: (opened) => opened.remove('/gone'),
    either: [{ '/gone': null, '/gone/a': '', '/gone/b': '' }],
    then: {},
  },
]

const mostSteps = 40

/** Plays the gesture and cuts the power at its step number `cutAt`. @returns the step, or undefined when it has fewer. */
async function playUntil(gesture: Gesture, cutAt: number): Promise<DurableStep | undefined> {
  const disk = new MemoryDisk()
  let count = 0
  let isArmed = false
  let crashedIn: DurableStep | undefined
  const onStep = (step: DurableStep): void => {
    if (!isArmed || crashedIn !== undefined || ++count < cutAt) return
    crashedIn = step
    opened.store.cut()
    // Nothing that is under way reaches the backend any more either.
    opened.backend.scriptEveryCall({ before: new Promise(() => undefined) })
    throw new Crash(step)
  }
  const opened = new OpenedQueue({ onStep }, new MemoryUploadStore(disk, { onStep }))
  await gesture.before?.(opened)
  isArmed = true
  const outcome = { isAnswered: false }
  const playing = gesture.does(opened).then(
    () => (outcome.isAnswered = true),
    () => undefined,
  )
  await opened.settle()
  await opened.clock.advance(5_000)
  await opened.settle()
  if (crashedIn === undefined) await playing

  opened.backend.scriptEveryCall(undefined)
  opened.crashInto(new MemoryUploadStore(disk))
  const allowed = outcome.isAnswered ? [gesture.then] : [...gesture.either, gesture.then]
  for (let pass = 0; pass < 2; pass++) {
    await opened.clock.advance(120_000)
    await opened.settle()
    expect(allowed, `after ${crashedIn ?? 'the end'}`).toContainEqual(opened.backend.snapshot())
    expect(await opened.tree()).toEqual(opened.backend.snapshot())
    expect(opened.queue.totals(), `after ${crashedIn ?? 'the end'}`).toMatchObject({
      pending: 0,
      attention: 0,
      conflicts: 0,
    })
    await opened.restart()
  }
  expect(disk.uploads.size).toBe(0)
  expect(disk.intents).toEqual([])
  await opened[Symbol.asyncDispose]()
  return crashedIn
}

describe('a crash at any step', () => {
  it.each(gestures)(
    'of $title leaves it done or not begun, and nothing that was answered is lost',
    async (gesture) => {
      const steps: DurableStep[] = []
      for (let cutAt = 1; cutAt <= mostSteps; cutAt++) {
        const step = await playUntil(gesture, cutAt)
        if (step === undefined) break
        steps.push(step)
      }
      expect(steps.length).toBeGreaterThan(1)
      expect(steps.length).toBeLessThan(mostSteps)
    },
  )
})
