import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { SignInState } from '../../../../../src-main/core/sign-in-state.ts'
import { registrationFileName } from '../../../../../src-main/services/credentials/sso/cache-names.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { oidcError } from '../../../../harness/aws/oidc-errors.ts'
import { openSignInRig, type SignInRig } from '../../../../harness/aws/sign-in-rig.ts'
import { waitFor } from '../../../../harness/wait-for.ts'

let clock: FakeClock
let rig: SignInRig
beforeEach(async () => {
  clock = new FakeClock()
  rig = await openSignInRig({ clock })
})
afterEach(async () => {
  await rig[Symbol.asyncDispose]()
})

type Waiting = Extract<SignInState, { kind: 'awaiting-device' }>

/** Waits until the flow sleeps towards its next look, or is over. */
function settled(): Promise<Waiting | 'over'> {
  return waitFor(
    () => {
      const state = rig.states.at(-1)
      if (state?.kind === 'signed-in' || state?.kind === 'failed') return 'over'
      return state?.kind === 'awaiting-device' && state.pollAtMs > clock.monotonicMs() && state
    },
    { what: 'the flow to wait for its next look' },
  )
}

/** Lets the flow take its next look. @returns how long it waited for that. */
async function nextLook(): Promise<number> {
  const waiting = await settled()
  if (waiting === 'over') throw new Error('the sign-in is over')
  const pauseMs = waiting.pollAtMs - clock.monotonicMs()
  await clock.advance(pauseMs)
  await settled()
  return pauseMs
}

const polls = (): readonly number[] =>
  rig.center.oidcCalls.filter(({ operation }) => operation === 'CreateToken').map(({ atMs }) => atMs)

test('a code that is approved later signs in', async () => {
  const signedIn = rig.signIn('device')
  expect([await nextLook(), await nextLook()]).toEqual([5_000, 5_000])
  rig.center.decideDevice('approved')
  await nextLook()
  await signedIn
  expect(polls()).toHaveLength(3)
  expect(await rig.signIns.factsOf(rig.access)).toMatchObject({ kind: 'valid', renewable: true })
})

test('what a person needs is told before the first look', async () => {
  const signedIn = rig.signIn('device')
  const waiting = await settled()
  expect(waiting).toMatchObject({
    code: {
      userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/) as string,
      verificationUrl: `${rig.center.oidc.url}/device`,
      validForMs: 600_000,
    },
  })
  expect(polls()).toEqual([])
  rig.center.decideDevice('approved')
  await nextLook()
  await signedIn
})

test('AWS’s slow_down adds five seconds for good', async () => {
  const signedIn = rig.signIn('device')
  rig.center.oidcFaults.next('CreateToken', oidcError('SlowDownException'), 2)
  expect([await nextLook(), await nextLook(), await nextLook(), await nextLook()]).toEqual([
    5_000, 10_000, 15_000, 15_000,
  ])
  rig.center.decideDevice('approved')
  await nextLook()
  await signedIn
})

test('the interval that AWS asks for is kept', async () => {
  rig.center.state.times = { ...rig.center.state.times, intervalSeconds: 12 }
  const signedIn = rig.signIn('device')
  expect([await nextLook(), await nextLook()]).toEqual([12_000, 12_000])
  rig.center.decideDevice('approved')
  await nextLook()
  await signedIn
})

test('each look is one call, whatever comes of it', async () => {
  const signedIn = rig.signIn('device')
  rig.center.oidcFaults.next('CreateToken', oidcError('InternalServerException'))
  rig.center.oidcFaults.next('CreateToken', oidcError('ThrottlingException'))
  rig.center.oidcFaults.next('CreateToken', { status: 502, body: '<html>a proxy</html>' })
  expect([await nextLook(), await nextLook(), await nextLook(), await nextLook()]).toEqual([
    5_000, 10_000, 20_000, 40_000,
  ])
  expect(polls()).toHaveLength(4)
  rig.center.decideDevice('approved')
  expect(await nextLook()).toBe(5_000)
  await signedIn
})

test('a network that goes and comes back does not end it', async () => {
  const signedIn = rig.signIn('device')
  await settled()
  rig.center.oidc.misbehave({ kind: 'cut' }, 2)
  expect([await nextLook(), await nextLook()]).toEqual([5_000, 10_000])
  rig.center.decideDevice('approved')
  await nextLook()
  await signedIn
})

test('a code that is denied is not asked about again', async () => {
  const signedIn = rig.signIn('device')
  const outcome = expect(signedIn).rejects.toMatchObject({ code: 'sign-in-denied' })
  await settled()
  rig.center.decideDevice('denied')
  await nextLook()
  await outcome
  expect(polls()).toHaveLength(1)
})

describe('a code that nobody approves', () => {
  test('ends when AWS says so', async () => {
    const signedIn = rig.signIn('device')
    const outcome = expect(signedIn).rejects.toMatchObject({ code: 'sign-in-timeout' })
    rig.center.oidcFaults.next('CreateToken', oidcError('ExpiredTokenException'))
    await nextLook()
    await outcome
  })

  test('ends by itself at its time, at the latest', async () => {
    rig.center.state.times = { ...rig.center.state.times, deviceLifeMs: 21_000 }
    const signedIn = rig.signIn('device')
    const outcome = expect(signedIn).rejects.toMatchObject({ code: 'sign-in-timeout' })
    for (let look = 1; look <= 4; look += 1) await nextLook()
    await outcome
    expect(polls()).toHaveLength(4)
  })
})

test('a start URL that AWS does not know is named as the cause', async () => {
  rig.center.oidcFaults.next(
    'StartDeviceAuthorization',
    oidcError('InvalidRequestException', 'Invalid start url provided'),
  )
  await expect(rig.signIn('device')).rejects.toMatchObject({
    code: 'sign-in-refused',
    args: { reason: 'Invalid start url provided' },
  })
})

test('a client that AWS has forgotten is registered anew', async () => {
  rig.center.oidcFaults.next('StartDeviceAuthorization', oidcError('InvalidClientException'))
  const signedIn = rig.signIn('device')
  await settled()
  rig.center.decideDevice('approved')
  await nextLook()
  await signedIn
  expect(rig.center.oidcCalls.filter(({ operation }) => operation === 'RegisterClient')).toHaveLength(2)
})

test('a registration for the browser is not used for a code, nor the other way round', async () => {
  const signedIn = rig.signIn('device')
  await settled()
  rig.center.decideDevice('approved')
  await nextLook()
  await signedIn
  const file = join(rig.cacheDir, registrationFileName(rig.access))
  expect(JSON.parse(await readFile(file, 'utf8'))).not.toHaveProperty('grantTypes')
  rig.browse = () => Promise.resolve(true)
  const stop = new AbortController()
  const byBrowser = rig.signIn('browser', stop.signal)
  await waitFor(() => rig.states.at(-1)?.kind === 'awaiting-browser', { what: 'the browser' })
  stop.abort()
  await expect(byBrowser).rejects.toMatchObject({ code: 'cancelled' })
  expect(rig.center.oidcCalls.filter(({ operation }) => operation === 'RegisterClient')).toHaveLength(2)
})

test('cancelling ends the waiting at once', async () => {
  const stop = new AbortController()
  const signedIn = rig.signIn('device', stop.signal)
  await settled()
  stop.abort()
  await expect(signedIn).rejects.toMatchObject({ code: 'cancelled' })
  expect(clock.pendingCount).toBe(0)
})
