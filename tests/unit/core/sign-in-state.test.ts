import { describe, expect, test } from 'vitest'

import {
  nextSignInState,
  startSignIn,
  type DeviceCode,
  type Refusal,
  type SignInEvent,
  type SignInState,
} from '../../../src-main/core/sign-in-state.ts'

const error = { code: 'sign-in-refused', args: {} } as const
const code: DeviceCode = {
  userCode: 'ABCD-EFGH',
  verificationUrl: 'https://example.com/device',
  completeUrl: 'https://example.com/device?user_code=ABCD-EFGH',
  intervalMs: 5_000,
  validForMs: 600_000,
}
const browser = { method: 'browser', freshClient: false } as const
const device = { method: 'device', freshClient: false } as const

const states = {
  registeringBrowser: { kind: 'registering', ...browser },
  registeringBrowserAnew: { kind: 'registering', method: 'browser', freshClient: true },
  registeringDevice: { kind: 'registering', ...device },
  registeringDeviceAnew: { kind: 'registering', method: 'device', freshClient: true },
  askingBrowser: { kind: 'asking', ...browser },
  askingDevice: { kind: 'asking', ...device },
  awaitingBrowser: { kind: 'awaiting-browser', ...browser, url: 'https://a', endsAtMs: 601_000 },
  awaitingDevice: {
    kind: 'awaiting-device',
    ...device,
    code,
    intervalMs: 5_000,
    troubles: 0,
    pollAtMs: 6_000,
    endsAtMs: 601_000,
  },
  slowedDown: {
    kind: 'awaiting-device',
    ...device,
    code,
    intervalMs: 10_000,
    troubles: 0,
    pollAtMs: 11_000,
    endsAtMs: 601_000,
  },
  troubled: {
    kind: 'awaiting-device',
    ...device,
    code,
    intervalMs: 5_000,
    troubles: 1,
    pollAtMs: 11_000,
    endsAtMs: 601_000,
  },
  exchanging: { kind: 'exchanging', ...browser },
  signedIn: { kind: 'signed-in', expiresAtMs: 5 },
  failed: { kind: 'failed', error },
  timedOut: { kind: 'failed', error: { code: 'sign-in-timeout', args: {} } },
} as const satisfies Record<string, SignInState>
type StateName = keyof typeof states

const refused = (kind: Refusal['kind']): SignInEvent => ({
  type: 'refused',
  refusal: { kind, error },
  nowMs: 1_000,
})
const events = {
  registered: { type: 'registered' },
  opened: { type: 'browser-opened', url: 'https://a', nowMs: 1_000 },
  noBrowser: { type: 'browser-unavailable' },
  deviceAsked: { type: 'device-asked', code, nowMs: 1_000 },
  codeReceived: { type: 'code-received' },
  token: { type: 'token-received', expiresAtMs: 5 },
  timeOver: { type: 'time-over' },
  pending: refused('pending'),
  slowDown: refused('slow-down'),
  clientRejected: refused('client-rejected'),
  unsupported: refused('method-unsupported'),
  passing: refused('passing'),
  final: refused('final'),
} as const satisfies Record<string, SignInEvent>
type EventName = keyof typeof events

const failing = { pending: 'failed', slowDown: 'failed', passing: 'failed', final: 'failed' } as const
const byBrowser = {
  ...failing,
  clientRejected: 'registeringBrowserAnew',
  unsupported: 'registeringDevice',
} as const
const byDevice = { ...failing, clientRejected: 'registeringDeviceAnew', unsupported: 'failed' } as const

/** Every transition there is; a pair that is not here must leave the state as it is. */
const table: Partial<Record<StateName, Partial<Record<EventName, StateName>>>> = {
  registeringBrowser: { ...byBrowser, registered: 'askingBrowser' },
  registeringDevice: { ...byDevice, registered: 'askingDevice' },
  askingBrowser: { ...byBrowser, opened: 'awaitingBrowser', noBrowser: 'registeringDevice' },
  askingDevice: { ...byDevice, deviceAsked: 'awaitingDevice' },
  awaitingBrowser: { ...byBrowser, codeReceived: 'exchanging', timeOver: 'timedOut' },
  awaitingDevice: {
    ...byDevice,
    pending: 'awaitingDevice',
    slowDown: 'slowedDown',
    passing: 'troubled',
    token: 'signedIn',
  },
  exchanging: { ...byBrowser, token: 'signedIn' },
  signedIn: {},
  failed: {},
}

const cases = Object.entries(table).flatMap(([from, row]) =>
  Object.keys(events).map((event) => ({
    from: from as StateName,
    event: event as EventName,
    to: row[event as EventName] ?? (from as StateName),
  })),
)

test.each(cases)('$from and $event make $to', ({ from, event, to }) => {
  expect(nextSignInState(states[from], events[event])).toEqual(states[to])
})

test.each(cases.filter(({ from, event }) => table[from]?.[event] === undefined))(
  '$event changes nothing about $from',
  ({ from, event }) => {
    expect(nextSignInState(states[from], events[event])).toBe(states[from])
  },
)

describe('a client that was registered for this very sign-in', () => {
  test.each(['browser', 'device'] as const)('is not registered a third time (%s)', (method) => {
    const state: SignInState = { kind: 'registering', method, freshClient: true }
    expect(nextSignInState(state, events.clientRejected)).toEqual(states.failed)
  })

  test('is remembered in all that follows', () => {
    let state: SignInState = states.registeringDeviceAnew
    for (const event of [events.registered, events.deviceAsked, events.slowDown]) {
      state = nextSignInState(state, event)
      expect(state).toMatchObject({ freshClient: true })
    }
  })
})

describe('looking whether a device code was approved', () => {
  const follow = (...kinds: readonly Refusal['kind'][]): readonly number[] => {
    let state: SignInState = states.awaitingDevice
    return kinds.map((kind) => {
      const nowMs = state.kind === 'awaiting-device' ? state.pollAtMs : NaN
      state = nextSignInState(state, { type: 'refused', refusal: { kind, error }, nowMs })
      return state.kind === 'awaiting-device' ? state.pollAtMs - nowMs : NaN
    })
  }

  test.each([
    { title: 'keeps to the interval', answers: ['pending', 'pending'], pauses: [5_000, 5_000] },
    {
      title: 'adds five seconds for good each time that AWS asks for it',
      answers: ['slow-down', 'pending', 'slow-down', 'pending'],
      pauses: [10_000, 10_000, 15_000, 15_000],
    },
    {
      title: 'doubles its pause while AWS does not answer, up to a minute',
      answers: ['passing', 'passing', 'passing', 'passing', 'passing'],
      pauses: [10_000, 20_000, 40_000, 60_000, 60_000],
    },
    {
      title: 'goes back to the interval when AWS answers again',
      answers: ['passing', 'passing', 'pending'],
      pauses: [10_000, 20_000, 5_000],
    },
  ] as const)('$title', ({ answers, pauses }) => {
    expect(follow(...answers)).toEqual(pauses)
  })

  test('never goes below an interval of more than a minute', () => {
    const state: SignInState = { ...states.awaitingDevice, intervalMs: 90_000 }
    expect(nextSignInState(state, events.passing)).toMatchObject({ pollAtMs: 91_000 })
  })

  test.each(['pending', 'slow-down', 'passing'] as const)('ends with the code (%s)', (kind) => {
    const event = { type: 'refused', refusal: { kind, error }, nowMs: 600_000 } as const
    expect(nextSignInState(states.awaitingDevice, event)).toEqual(states.timedOut)
  })
})

test.each(['browser', 'device'] as const)('a sign-in by %s begins with the client', (method) => {
  expect(startSignIn(method)).toEqual({ kind: 'registering', method, freshClient: false })
})
