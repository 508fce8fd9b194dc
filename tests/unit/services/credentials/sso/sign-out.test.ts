import { readdir } from 'node:fs/promises'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { registrationFileName } from '../../../../../src-main/services/credentials/sso/cache-names.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { openSignInRig, plainBrowser, type SignInRig } from '../../../../harness/aws/sign-in-rig.ts'

const never = new AbortController().signal

let clock: FakeClock
let rig: SignInRig
let changes: number
let heard: Disposable
beforeEach(async () => {
  clock = new FakeClock()
  rig = await openSignInRig({ clock })
  changes = 0
  heard = rig.signIns.changed.on(() => (changes += 1))
  rig.browse = plainBrowser('allow')
  await rig.signIn('browser')
})
afterEach(async () => {
  heard[Symbol.dispose]()
  await rig[Symbol.asyncDispose]()
})

const accessTokens = () => rig.center.state.secrets.filter((secret) => secret.startsWith('canary-access'))

test('signing out ends the sign-in at AWS and removes it here; the client stays', async () => {
  expect(await rig.signIns.signOut(rig.access, never)).toEqual({ kind: 'signed-out' })
  expect(rig.center.portalCalls).toEqual(['Logout'])
  expect(accessTokens().map((token) => rig.center.state.isGood(token))).toEqual([false])
  expect(await readdir(rig.cacheDir)).toEqual([registrationFileName(rig.access)])
  expect(changes).toBe(2)
})

test('a sign-in whose token has ended is renewed to be ended with all that could renew it', async () => {
  await clock.advance(2 * 3_600_000)
  expect(await rig.signIns.signOut(rig.access, never)).toEqual({ kind: 'signed-out' })
  expect(accessTokens()).toHaveLength(2)
  expect(accessTokens().map((token) => rig.center.state.isGood(token))).toEqual([false, false])
})

test('a sign-in that AWS has ended already is just removed', async () => {
  rig.center.state.endAllSignIns()
  expect(await rig.signIns.signOut(rig.access, never)).toEqual({ kind: 'signed-out' })
  expect(await rig.signIns.factsOf(rig.access)).toEqual({ kind: 'missing' })
})

test('where AWS cannot be told, the token goes all the same', async () => {
  await rig.center.portal[Symbol.asyncDispose]()
  expect(await rig.signIns.signOut(rig.access, never)).toMatchObject({
    kind: 'not-told',
    cause: { code: 'aws-unreachable' },
  })
  expect(await rig.signIns.factsOf(rig.access)).toEqual({ kind: 'missing' })
  expect(changes).toBe(2)
})

test('where nobody is signed in nothing happens', async () => {
  await rig.signIns.signOut(rig.access, never)
  expect(await rig.signIns.signOut(rig.access, never)).toEqual({ kind: 'was-signed-out' })
  expect(rig.center.portalCalls).toEqual(['Logout'])
  expect(changes).toBe(2)
})
