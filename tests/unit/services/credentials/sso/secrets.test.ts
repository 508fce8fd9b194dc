import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { inspect } from 'node:util'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { oidcError } from '../../../../harness/aws/oidc-errors.ts'
import { openSignInRig, plainBrowser, type SignInRig } from '../../../../harness/aws/sign-in-rig.ts'
import { toAppError } from '../../../../../src-main/shared/errors.ts'

const never = new AbortController().signal

let clock: FakeClock
let rig: SignInRig
beforeEach(async () => {
  clock = new FakeClock()
  rig = await openSignInRig({ clock })
})
afterEach(async () => {
  await rig[Symbol.asyncDispose]()
})

/** A secret's random end in pieces: a parser's message may quote a few characters of what it could not read. */
function partsOf(secret: string): readonly string[] {
  const random = secret.slice(-24)
  return Array.from({ length: random.length - 7 }, (_, start) => random.slice(start, start + 8))
}

/** All that left the sign-ins for a place where somebody could read it: errors with their causes, states, logs, addresses. */
const seen: unknown[] = []

async function attempt(work: () => Promise<unknown>): Promise<void> {
  seen.push(await work().catch((error: unknown) => error))
}

test('no secret gets into an error, a state, a log or an address, however a sign-in goes', async () => {
  const { oidcFaults, portalFaults } = rig.center
  const signIn = () => attempt(() => rig.signIn('browser'))
  const use = () => attempt(() => rig.signIns.roleCredentials(rig.access, never))
  rig.browse = plainBrowser('deny')
  await signIn()
  rig.browse = plainBrowser('allow')
  for (const name of [
    'InvalidGrantException',
    'InvalidClientException',
    'InvalidRequestException',
  ] as const) {
    oidcFaults.next('CreateToken', oidcError(name), 2)
    await signIn()
    await signIn()
  }
  // An answer that has a token and is no JSON ends up whole in the SDK's error.
  const leaky = rig.center.state.newSecret('access')
  oidcFaults.next('CreateToken', { status: 200, body: `{"accessToken":"${leaky}", oops` })
  await signIn()
  await signIn()
  await use()
  portalFaults.next('GetRoleCredentials', {
    status: 200,
    body: `{"roleCredentials":{"secretAccessKey":"${rig.center.state.newSecret('secret-key')}", oops`,
  })
  await use()
  portalFaults.next('GetRoleCredentials', { status: 500, body: '{}' }, 3)
  await use()
  await attempt(() => rig.signIns.roleCredentials({ ...rig.access, roleName: 'Admin' }, never))
  await clock.advance(50 * 60_000)
  await use()
  await clock.advance(50 * 60_000)
  oidcFaults.next('CreateToken', oidcError('InvalidGrantException'))
  await use()
  await attempt(() => rig.signIns.factsOf(rig.access))
  await rm(dirname(rig.cacheDir), { recursive: true })
  await mkdir(dirname(dirname(rig.cacheDir)), { recursive: true })
  await writeFile(dirname(rig.cacheDir), 'a file where the folder should be')
  await signIn()
  await chmod(dirname(rig.cacheDir), 0o600)
  await attempt(() => rig.signIns.signOut(rig.access, never))

  const text = [
    ...seen.map((value) => inspect(value, { depth: 20, showHidden: true })),
    ...seen.map((value) => JSON.stringify(value instanceof Error ? toAppError(value) : value)),
    ...rig.states.map((state) => inspect(state, { depth: 20 })),
    ...rig.opened,
    ...rig.logged,
  ].join('\n')
  expect(rig.center.state.secrets.length).toBeGreaterThan(15)
  expect(
    rig.center.state.secrets.filter((secret) => partsOf(secret).some((part) => text.includes(part))),
  ).toEqual([])
})
