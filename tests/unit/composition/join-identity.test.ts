import { beforeEach, describe, expect, test } from 'vitest'

import { joinIdentity } from '../../../src-main/composition/bridges/join-identity.ts'
import type { BridgeState } from '../../../src-main/core/bridge-state.ts'
import { createEmitter, type Emitter } from '../../../src-main/lib/event.ts'
import type { ErrorCode } from '../../../src-main/shared/errors.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'

const minuteMs = 60_000

let clock: FakeClock
let stateChanged: Emitter<BridgeState>
let renewable: Emitter<void>
let denied: string[]
let refreshes: number
let joined: Disposable

beforeEach(() => {
  clock = new FakeClock()
  stateChanged = createEmitter()
  renewable = createEmitter()
  denied = []
  refreshes = 0
  joined = joinIdentity({
    bridge: { stateChanged, refreshIdentity: () => void (refreshes += 1) },
    identity: { denied: ({ code }) => void denied.push(code), renewable },
    clock,
  })
})

function fail(code: ErrorCode): void {
  stateChanged.fire({ kind: 'failed', error: { code, args: {} }, willRetry: true })
}

describe('a denial that a bridge meets', () => {
  test.each<{ readonly code: ErrorCode; readonly counts: boolean }>([
    { code: 'access-denied', counts: true },
    { code: 'identity-expired', counts: false },
    { code: 'server-unreachable', counts: false },
    { code: 'clock-skewed', counts: false },
  ])('$code counts against the session: $counts', ({ code, counts }) => {
    fail(code)
    expect(denied).toEqual(counts ? [code] : [])
  })

  test('counts also while the bridge goes on trying', () => {
    stateChanged.fire({ kind: 'connecting', error: { code: 'access-denied', args: {} } })
    expect(denied).toHaveLength(1)
  })

  test('counts with growing pauses: where a permission is missing, no session will do', async () => {
    for (let minutes = 0; minutes < 60; minutes += 1) {
      fail('access-denied')
      stateChanged.fire({ kind: 'connecting' })
      await clock.advance(minuteMs)
    }
    // At once, and then after 1, 2, 4, 8, 15, 15 minutes.
    expect(denied).toHaveLength(7)
  })

  test('counts anew soon after the bridge has worked, but never twice in a minute', async () => {
    fail('access-denied')
    stateChanged.fire({ kind: 'ready' })
    fail('access-denied')
    expect(denied).toHaveLength(1)
    await clock.advance(minuteMs)
    stateChanged.fire({ kind: 'ready' })
    fail('access-denied')
    expect(denied).toHaveLength(2)
  })
})

test('new credentials are told to the bridge, until the two are parted', () => {
  renewable.fire()
  joined[Symbol.dispose]()
  renewable.fire()
  fail('access-denied')
  expect({ refreshes, denied }).toEqual({ refreshes: 1, denied: [] })
})
