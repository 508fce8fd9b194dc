import { describe, expect, test } from 'vitest'

import {
  nextQuit,
  type QuitEffect,
  type QuitEvent,
  type QuitState,
} from '../../../src-main/core/quit-plan.ts'

const running: QuitState = { kind: 'running' }
const askingPending: QuitState = { kind: 'asking-pending' }
const stopping: QuitState = { kind: 'stopping', wait: false, force: false, isSystemsEnd: false }
const waiting: QuitState = { ...stopping, wait: true }
const forcing: QuitState = { ...stopping, force: true }
const systemEnding: QuitState = { ...stopping, isSystemsEnd: true }
const askingWaiting: QuitState = { kind: 'asking-waiting' }
const askingBusy: QuitState = { kind: 'asking-busy' }
const ended: QuitState = { kind: 'ended' }

const idle: QuitEvent = { kind: 'requested', pendingUploads: 0 }
const withPending: QuitEvent = { kind: 'requested', pendingUploads: 3 }
const wait: QuitEvent = { kind: 'answered', answer: 'wait' }
const now: QuitEvent = { kind: 'answered', answer: 'now' }
const cancel: QuitEvent = { kind: 'answered', answer: 'cancel' }
const clean: QuitEvent = { kind: 'stopped', stillMounted: [] }
const busy: QuitEvent = { kind: 'stopped', stillMounted: ['Photos'] }
const systemEnds: QuitEvent = { kind: 'system-ends' }

const none: QuitEffect = { kind: 'none' }
const stop = { kind: 'stop', wait: false, force: false } as const

describe('quitting', () => {
  test.each<[string, QuitState, QuitEvent, QuitState, Partial<QuitEffect>]>([
    ['with nothing pending unmounts at once', running, idle, stopping, stop],
    [
      'with uploads pending asks',
      running,
      withPending,
      askingPending,
      { kind: 'ask-pending', pendingUploads: 3 },
    ],
    [
      'waits when that is the answer',
      askingPending,
      wait,
      waiting,
      { kind: 'stop', wait: true, force: false },
    ],
    ['does not wait when that is the answer', askingPending, now, stopping, stop],
    ['is called off', askingPending, cancel, running, none],
    ['asks once, however often it is asked for', askingPending, withPending, askingPending, none],
    ['goes on unmounting, however often it is asked for', stopping, idle, stopping, none],
    [
      'asks what is meant by asking again while it waits',
      waiting,
      withPending,
      askingWaiting,
      { kind: 'ask-waiting' },
    ],
    ['goes on waiting', askingWaiting, wait, waiting, none],
    ['stops waiting', askingWaiting, now, stopping, stop],
    ['is called off while it waits', askingWaiting, cancel, running, { kind: 'stay' }],
    ['ends while it asks whether to go on waiting', askingWaiting, clean, ended, { kind: 'end' }],
    ['ends when all is unmounted', stopping, clean, ended, { kind: 'end' }],
    ['ends when all is delivered', waiting, clean, ended, { kind: 'end' }],
    ['names what is in use', stopping, busy, askingBusy, { kind: 'ask-busy', drives: ['Photos'] }],
    [
      'names what is in use after waiting',
      waiting,
      busy,
      askingBusy,
      { kind: 'ask-busy', drives: ['Photos'] },
    ],
    ['forces when that is the answer', askingBusy, now, forcing, { kind: 'stop', wait: false, force: true }],
    ['forces nothing by itself', askingBusy, cancel, running, none],
    ['ends after forcing, whatever is left', forcing, busy, ended, { kind: 'end' }],
    ['asks nobody when the system ends', running, systemEnds, systemEnding, stop],
    ['takes the short way out of a wait when the system ends', waiting, systemEnds, systemEnding, stop],
    [
      'takes the short way out of a question when the system ends',
      askingBusy,
      systemEnds,
      systemEnding,
      stop,
    ],
    ['ends with the system, whatever is left', systemEnding, busy, ended, { kind: 'end' }],
    ['hears of the system’s end once', systemEnding, systemEnds, systemEnding, none],
    ['has ended for good', ended, withPending, ended, none],
    ['has ended even for the system', ended, systemEnds, ended, none],
    ['ignores an answer that nobody asked for', running, now, running, none],
    ['ignores a stop that nobody waits for', running, busy, running, none],
  ])('%s', (_title, state, event, nextState, effect) => {
    const step = nextQuit(state, event)
    expect(step.state).toEqual(nextState)
    expect(step.effect).toMatchObject(effect)
  })

  test('gives the system less time than a person, and a person who waits a night', () => {
    const limitOf = (state: QuitState, event: QuitEvent): number => {
      const { effect } = nextQuit(state, event)
      return effect.kind === 'stop' ? effect.limitMs : NaN
    }
    expect(limitOf(running, systemEnds)).toBeLessThanOrEqual(5_000)
    expect(limitOf(running, idle)).toBeGreaterThan(limitOf(running, systemEnds))
    expect(limitOf(askingPending, wait)).toBeGreaterThan(8 * 60 * 60_000)
  })
})
