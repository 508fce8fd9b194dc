import { expect, test } from 'vitest'

import { next, type DriveEvent } from '../../../src-main/core/drive-state.ts'
import type { DriveState } from '../../../src-main/shared/drive-state.ts'

const error = { code: 'front-died', args: {} } as const
const other = { code: 'mount-timeout', args: {} } as const

const states = {
  unmounted: { kind: 'unmounted' },
  checking: { kind: 'preparing', step: 'checking' },
  starting: { kind: 'preparing', step: 'starting-front' },
  mounted: { kind: 'mounted', path: '/v' },
  stalled: { kind: 'mounted', path: '/v', degraded: 'front-stalled' },
  down: { kind: 'mounted', path: '/v', degraded: 'front-down' },
  unmounting: { kind: 'unmounting' },
  delivering: { kind: 'delivering' },
  failed: { kind: 'failed', error },
  failedAgain: { kind: 'failed', error: other },
} as const satisfies Record<string, DriveState>
type StateName = keyof typeof states

const events = {
  mount: { type: 'mount-requested' },
  step: { type: 'step-started', step: 'starting-front' },
  mountDone: { type: 'mount-done', path: '/v' },
  stall: { type: 'front-stalled' },
  recover: { type: 'front-recovered' },
  down: { type: 'front-down' },
  unmount: { type: 'unmount-requested' },
  deliver: { type: 'delivery-started' },
  unmountDone: { type: 'unmount-done' },
  refused: { type: 'unmount-refused', path: '/v' },
  gone: { type: 'volume-gone' },
  fail: { type: 'failed', error: other },
} as const satisfies Record<string, DriveEvent>
type EventName = keyof typeof events

/** Every transition there is; a pair that is not here must leave the state as it is. */
const table: Readonly<Record<Exclude<StateName, 'failedAgain'>, Partial<Record<EventName, StateName>>>> = {
  unmounted: { mount: 'checking', mountDone: 'mounted', fail: 'failedAgain' },
  checking: { step: 'starting', mountDone: 'mounted', unmount: 'unmounting', fail: 'failedAgain' },
  starting: { mountDone: 'mounted', unmount: 'unmounting', fail: 'failedAgain' },
  mounted: {
    stall: 'stalled',
    down: 'down',
    unmount: 'unmounting',
    deliver: 'delivering',
    gone: 'unmounted',
    fail: 'failedAgain',
  },
  stalled: {
    down: 'down',
    recover: 'mounted',
    unmount: 'unmounting',
    deliver: 'delivering',
    gone: 'unmounted',
    fail: 'failedAgain',
  },
  down: {
    recover: 'mounted',
    unmount: 'unmounting',
    deliver: 'delivering',
    gone: 'unmounted',
    fail: 'failedAgain',
  },
  unmounting: {
    deliver: 'delivering',
    unmountDone: 'unmounted',
    gone: 'unmounted',
    refused: 'mounted',
    fail: 'failedAgain',
  },
  delivering: { unmountDone: 'unmounted', gone: 'unmounted' },
  failed: { mount: 'checking', mountDone: 'mounted', unmountDone: 'unmounted', fail: 'failedAgain' },
}

const pairs = (Object.keys(table) as (keyof typeof table)[]).flatMap((from) =>
  (Object.keys(events) as EventName[]).map((event) => ({ from, event, to: table[from][event] })),
)

test.each(pairs.filter(({ to }) => to !== undefined))('$from + $event = $to', ({ from, event, to }) => {
  expect(next(states[from], events[event])).toEqual(states[to!])
})

test.each(pairs.filter(({ to }) => to === undefined))('$from is not moved by $event', ({ from, event }) => {
  expect(next(states[from], events[event])).toBe(states[from])
})
