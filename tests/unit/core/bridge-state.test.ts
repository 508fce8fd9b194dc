import { describe, expect, test } from 'vitest'

import { nextBridgeState, type BridgeEvent, type BridgeState } from '../../../src-main/core/bridge-state.ts'

const error = { code: 'access-denied', args: {} } as const
const other = { code: 'server-unreachable', args: {} } as const

const states: readonly BridgeState[] = [
  { kind: 'absent' },
  { kind: 'pulling' },
  { kind: 'building' },
  { kind: 'creating' },
  { kind: 'starting' },
  { kind: 'connecting' },
  { kind: 'ready' },
  { kind: 'stalled' },
  { kind: 'failed', error, willRetry: true },
  { kind: 'stopping' },
]

const events: readonly BridgeEvent[] = [
  { type: 'step-started', step: 'building' },
  { type: 'progressed', detail: 'x' },
  { type: 'agent-connecting' },
  { type: 'agent-ready' },
  { type: 'agent-stalled' },
  { type: 'agent-failed', error: other },
  { type: 'lost', error: other },
  { type: 'failed', error: other },
  { type: 'stop-requested' },
  { type: 'stopped' },
]

const before = {
  'step-started': 'building',
  failed: 'failed',
  lost: 'failed',
  'stop-requested': 'stopping',
} as const
const fromAgent = {
  'agent-connecting': 'connecting',
  'agent-ready': 'ready',
  'agent-stalled': 'stalled',
  'agent-failed': 'failed',
} as const
const { 'step-started': _step, ...always } = before

/** The kind that an event leads to; nothing where it does not apply. The same kind with other data counts. */
const expected: Record<BridgeState['kind'], Partial<Record<BridgeEvent['type'], BridgeState['kind']>>> = {
  absent: { 'step-started': 'building', failed: 'failed' },
  pulling: { ...before, progressed: 'pulling' },
  building: { ...before, progressed: 'building' },
  creating: before,
  starting: { ...before, ...fromAgent },
  connecting: { ...always, ...fromAgent },
  ready: { ...always, ...fromAgent },
  stalled: { ...always, ...fromAgent },
  failed: { ...before, ...fromAgent },
  stopping: { stopped: 'absent' },
}

describe.each(states)('a bridge that is $kind', (state) => {
  test.each(events)('and hears $type', (event) => {
    const after = nextBridgeState(state, event)
    const kind = expected[state.kind][event.type]
    if (kind === undefined) expect(after).toBe(state)
    else expect(after.kind).toBe(kind)
  })
})

test.each<[BridgeState, BridgeEvent]>([
  [
    { kind: 'connecting', error },
    { type: 'agent-connecting', error: { ...error } },
  ],
  [{ kind: 'connecting' }, { type: 'agent-connecting' }],
  [{ kind: 'ready' }, { type: 'agent-ready' }],
  [{ kind: 'stalled' }, { type: 'agent-stalled' }],
  [
    { kind: 'failed', error, willRetry: true },
    { type: 'agent-failed', error: { ...error } },
  ],
  [
    { kind: 'building', detail: 'x' },
    { type: 'progressed', detail: 'x' },
  ],
])('what an agent says again changes nothing: %j', (state, event) => {
  expect(nextBridgeState(state, event)).toBe(state)
})

test('a failure that comes after another shows the newer one', () => {
  const state: BridgeState = { kind: 'failed', error, willRetry: true }
  expect(nextBridgeState(state, { type: 'agent-failed', error: other })).toMatchObject({ error: other })
  expect(nextBridgeState({ kind: 'connecting', error }, { type: 'agent-connecting' })).toEqual({
    kind: 'connecting',
  })
})

test('only a first start that failed is given up', () => {
  const starting: BridgeState = { kind: 'starting' }
  expect(nextBridgeState(starting, { type: 'failed', error })).toMatchObject({ willRetry: false })
  expect(nextBridgeState(starting, { type: 'lost', error })).toMatchObject({ willRetry: true })
})
