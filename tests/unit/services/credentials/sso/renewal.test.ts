import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { acquireFileLock } from '../../../../../src-main/lib/file-lock.ts'
import { tokenFileName } from '../../../../../src-main/services/credentials/sso/cache-names.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { oidcError } from '../../../../harness/aws/oidc-errors.ts'
import { waitFor } from '../../../../harness/wait-for.ts'
import { openSignInRig, plainBrowser, type SignInRig } from '../../../../harness/aws/sign-in-rig.ts'

const minuteMs = 60_000
const never = new AbortController().signal

let clock: FakeClock
let rig: SignInRig
beforeEach(async () => {
  clock = new FakeClock()
  rig = await openSignInRig({ clock })
  rig.browse = plainBrowser('allow')
  await rig.signIn('browser')
})
afterEach(async () => {
  await rig[Symbol.asyncDispose]()
})

const renewals = (): number =>
  rig.center.oidcCalls.filter(({ grantType }) => grantType === 'refresh_token').length
const use = () => rig.signIns.roleCredentials(rig.access, never)
const tokenPath = (): string => join(rig.cacheDir, tokenFileName(rig.access))
const readToken = async () => JSON.parse(await readFile(tokenPath(), 'utf8')) as Record<string, string>

async function changeToken(changes: Readonly<Record<string, string | undefined>>): Promise<void> {
  await writeFile(tokenPath(), JSON.stringify({ ...(await readToken()), ...changes }))
}

test.each([
  { title: 'a token with more than 15 minutes left is used as it is', afterMs: 44 * minuteMs, times: 0 },
  { title: 'one with less is renewed', afterMs: 46 * minuteMs, times: 1 },
  { title: 'one that has ended is renewed too', afterMs: 120 * minuteMs, times: 1 },
])('$title', async ({ afterMs, times }) => {
  await clock.advance(afterMs)
  expect((await use()).accessKeyId).toMatch(/^ASIA/)
  expect(renewals()).toBe(times)
})

test('a renewed token is kept with its new refresh token, for the next renewal', async () => {
  for (let hour = 1; hour <= 7; hour += 1) {
    const before = await readToken()
    await clock.advance(60 * minuteMs)
    await use()
    const after = await readToken()
    expect(after).toMatchObject({ startUrl: before['startUrl'], clientId: before['clientId'] })
    expect(after['refreshToken']).not.toBe(before['refreshToken'])
  }
  expect(renewals()).toBe(7)
})

test('many who want it at once, in several processes, renew it once', async () => {
  await using busy = await openSignInRig()
  busy.browse = plainBrowser('allow')
  const { state, oidcCalls } = busy.center
  const { tokenLifeMs } = state.times
  state.times = { ...state.times, tokenLifeMs: 10 * minuteMs }
  await busy.signIn('browser')
  state.times = { ...state.times, tokenLifeMs }
  const processes = [busy.signIns, busy.another(), busy.another()]
  const all = processes.flatMap((signIns) => [1, 2, 3].map(() => signIns.roleCredentials(busy.access, never)))
  expect(new Set((await Promise.all(all)).map(({ accessKeyId }) => accessKeyId)).size).toBe(9)
  expect(oidcCalls.filter(({ grantType }) => grantType === 'refresh_token')).toHaveLength(1)
})

test('whoever cannot get at a token because another process never lets go is told so', async () => {
  const lockPath = join(rig.homeDir, 'locks', `${tokenFileName(rig.access)}.lock`)
  await clock.advance(50 * minuteMs)
  using _held = await acquireFileLock(lockPath, { clock, timeoutMs: 0 })
  const outcome = expect(use()).rejects.toMatchObject({
    code: 'sso-cache-unusable',
    args: { path: lockPath },
  })
  await waitFor(() => clock.pendingCount === 1, { what: 'the lock to be waited for' })
  await clock.advance(minuteMs)
  await outcome
})

test('what the AWS CLI has renewed meanwhile is used', async () => {
  await clock.advance(50 * minuteMs)
  const { clientId = '', refreshToken = '' } = await readToken()
  const { state } = rig.center
  const renewed = state.newTokens(clientId, state.takeRefreshToken(refreshToken, clientId))
  const expiresAt = new Date(clock.now() + 60 * minuteMs).toISOString()
  await changeToken({ accessToken: renewed.accessToken, refreshToken: renewed.refreshToken, expiresAt })
  await use()
  expect(renewals()).toBe(0)
})

test('a refresh token without a successor stays good', async () => {
  await clock.advance(50 * minuteMs)
  const { refreshToken } = await readToken()
  rig.center.oidcFaults.next('CreateToken', {
    status: 200,
    body: JSON.stringify({ accessToken: 'canary-access-other', expiresIn: 3600, tokenType: 'Bearer' }),
  })
  await expect(use()).rejects.toThrow()
  expect(await readToken()).toMatchObject({ accessToken: 'canary-access-other', refreshToken })
})

describe('a renewal that fails', () => {
  test.each([
    { title: 'a revoked refresh token', fault: oidcError('InvalidGrantException'), code: 'sign-in-expired' },
    { title: 'an ended refresh token', fault: oidcError('ExpiredTokenException'), code: 'sign-in-expired' },
    { title: 'a client that is gone', fault: oidcError('InvalidClientException'), code: 'sign-in-expired' },
    { title: 'a broken service', fault: oidcError('InternalServerException'), code: 'aws-failed' },
    { title: 'throttling', fault: oidcError('ThrottlingException'), code: 'aws-throttled' },
  ])('does not matter while the old token is good: $title', async ({ fault, code }) => {
    rig.center.oidcFaults.next('CreateToken', fault, 3)
    await clock.advance(50 * minuteMs)
    await use()
    rig.center.oidcFaults.next('CreateToken', fault, 3)
    await clock.advance(15 * minuteMs)
    await expect(use()).rejects.toMatchObject({ code })
  })

  test('leaves everything as it was, so that the next one may work', async () => {
    rig.center.oidcFaults.next('CreateToken', oidcError('InternalServerException'), 3)
    await clock.advance(70 * minuteMs)
    await expect(use()).rejects.toMatchObject({ code: 'aws-failed' })
    await use()
  })

  test('for want of its client has the next sign-in register anew', async () => {
    rig.center.oidcFaults.next('CreateToken', oidcError('InvalidClientException'))
    await clock.advance(70 * minuteMs)
    await expect(use()).rejects.toMatchObject({ code: 'sign-in-expired' })
    await rig.signIn('browser')
    expect(rig.center.oidcCalls.filter(({ operation }) => operation === 'RegisterClient')).toHaveLength(2)
  })
})

describe('without a refresh token', () => {
  beforeEach(() => changeToken({ refreshToken: undefined }))

  test('a sign-in lasts as long as its token', async () => {
    await clock.advance(59 * minuteMs)
    await use()
    expect(await rig.signIns.factsOf(rig.access)).toMatchObject({ kind: 'valid', renewable: false })
    await clock.advance(2 * minuteMs)
    await expect(use()).rejects.toMatchObject({ code: 'sign-in-expired' })
    expect(await rig.signIns.factsOf(rig.access)).toEqual({ kind: 'expired' })
    expect(renewals()).toBe(0)
  })
})

test('a refresh token is worth nothing beyond its client, and nobody is asked', async () => {
  await changeToken({ registrationExpiresAt: new Date(clock.now() + 30 * minuteMs).toISOString() })
  await clock.advance(70 * minuteMs)
  await expect(use()).rejects.toMatchObject({ code: 'sign-in-expired' })
  expect(renewals()).toBe(0)
})

test.each([
  { title: 'nothing', content: undefined },
  { title: 'an empty file', content: '' },
  { title: 'half a file', content: '{"accessToken":"canary-acc' },
  { title: 'other JSON', content: '{"clientId":"a"}' },
  { title: 'a time that is none', content: '{"accessToken":"canary","expiresAt":"soon"}' },
])('$title in the cache is no sign-in', async ({ content }) => {
  if (content === undefined) await rig.signIns.signOut(rig.access, never)
  else await writeFile(tokenPath(), content)
  expect(await rig.signIns.factsOf(rig.access)).toEqual({ kind: 'missing' })
  await expect(use()).rejects.toMatchObject({ code: 'sign-in-needed' })
})

test('a token in the old AWS CLI’s spelling of time is read', async () => {
  await changeToken({ expiresAt: '2026-01-01T00:30:00UTC', refreshToken: undefined })
  expect(await rig.signIns.factsOf(rig.access)).toEqual({
    kind: 'valid',
    expiresAtMs: Date.UTC(2026, 0, 1, 0, 30),
    renewable: false,
  })
})

test('a role that was not assigned is named', async () => {
  const access = { ...rig.access, roleName: 'Admin' }
  await expect(rig.signIns.roleCredentials(access, never)).rejects.toMatchObject({
    code: 'sso-role-denied',
    args: { role: 'Admin', account: '111122223333' },
  })
})

test('a sign-in that an administrator has ended has ended', async () => {
  rig.center.state.endAllSignIns()
  await expect(use()).rejects.toMatchObject({ code: 'sign-in-expired' })
})
