import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import {
  registrationFileName,
  tokenFileName,
} from '../../../../../src-main/services/credentials/sso/cache-names.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { oidcError, type OidcErrorName } from '../../../../harness/aws/oidc-errors.ts'
import { openSignInRig, plainBrowser, type SignInRig } from '../../../../harness/aws/sign-in-rig.ts'
import { waitFor } from '../../../../harness/wait-for.ts'

let rig: SignInRig
beforeEach(async () => {
  rig = await openSignInRig()
  rig.browse = plainBrowser('allow')
})
afterEach(async () => {
  await rig[Symbol.asyncDispose]()
})

const kinds = (): readonly string[] => rig.states.map(({ kind }) => kind)
const never = new AbortController().signal

async function cached(name: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await readFile(join(rig.cacheDir, name), 'utf8')) as Record<string, unknown>
}

test('a person who approves is signed in', async () => {
  await rig.signIn('browser')
  expect(kinds()).toEqual(['registering', 'asking', 'awaiting-browser', 'exchanging', 'signed-in'])
  expect(await rig.signIns.factsOf(rig.access)).toMatchObject({ kind: 'valid', renewable: true })
  const credentials = await rig.signIns.roleCredentials(rig.access, never)
  expect(credentials.accessKeyId).toMatch(/^ASIA/)
})

test('the token is kept as the AWS CLI keeps it, for its owner only', async () => {
  await rig.signIn('browser')
  const token = await cached(tokenFileName(rig.access))
  const registration = await cached(registrationFileName(rig.access))
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string
  const secret = expect.stringMatching(/^canary-/) as string
  expect(token).toEqual({
    startUrl: rig.center.startUrl,
    region: rig.center.region,
    accessToken: secret,
    expiresAt: time,
    clientId: registration['clientId'],
    clientSecret: registration['clientSecret'],
    registrationExpiresAt: registration['expiresAt'],
    refreshToken: secret,
  })
  expect(registration).toEqual({
    clientId: expect.any(String) as string,
    clientSecret: secret,
    expiresAt: time,
    scopes: ['sso:account:access'],
    grantTypes: ['authorization_code', 'refresh_token'],
  })
  expect((await readdir(rig.cacheDir)).sort()).toEqual(
    [tokenFileName(rig.access), registrationFileName(rig.access)].sort(),
  )
  for (const name of await readdir(rig.cacheDir)) {
    expect((await stat(join(rig.cacheDir, name))).mode & 0o777).toBe(0o600)
  }
  for (const dir of ['.aws', '.aws/sso', '.aws/sso/cache']) {
    expect((await stat(join(rig.homeDir, dir))).mode & 0o777).toBe(0o700)
  }
})

test('the browser is given what is public, and something new each time', async () => {
  await rig.signIn('browser')
  await rig.signIn('browser')
  const queries = rig.opened.map((url) => new URL(url).searchParams)
  for (const query of queries) {
    expect(Object.fromEntries(query)).toEqual({
      response_type: 'code',
      client_id: expect.any(String) as string,
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/) as string,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
      scopes: 'sso:account:access',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
    })
  }
  for (const name of ['state', 'code_challenge']) {
    expect(new Set(queries.map((query) => query.get(name))).size).toBe(2)
  }
})

test('the client is registered once for many sign-ins', async () => {
  await rig.signIn('browser')
  await rig.signIn('browser')
  expect(rig.center.oidcCalls.filter(({ operation }) => operation === 'RegisterClient')).toHaveLength(1)
})

test('a registration of the AWS CLI serves Mountbar too', async () => {
  const { clientId, clientSecret } = rig.center.state.newClient({
    scopes: ['sso:account:access'],
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: ['http://127.0.0.1/oauth/callback'],
  })
  await mkdir(rig.cacheDir, { recursive: true })
  await writeFile(
    join(rig.cacheDir, registrationFileName(rig.access)),
    `{"clientId": "${clientId}", "clientSecret": "${clientSecret}", "expiresAt": "2099-01-01T00:00:00Z", ` +
      '"scopes": ["sso:account:access"], "grantTypes": ["authorization_code", "refresh_token"]}',
  )
  await rig.signIn('browser')
  expect((await cached(tokenFileName(rig.access)))['clientId']).toBe(clientId)
  expect(rig.center.oidcCalls.map(({ operation }) => operation)).toEqual(['CreateToken'])
})

test('a client that AWS has forgotten is registered anew, once', async () => {
  await rig.signIn('browser')
  rig.center.oidcFaults.next('CreateToken', oidcError('InvalidClientException'))
  await rig.signIn('browser')
  expect(kinds().slice(5)).toEqual([
    ...['registering', 'asking', 'awaiting-browser', 'exchanging'],
    ...['registering', 'asking', 'awaiting-browser', 'exchanging', 'signed-in'],
  ])
  rig.center.oidcFaults.next('CreateToken', oidcError('InvalidClientException'), 2)
  await expect(rig.signIn('browser')).rejects.toMatchObject({ code: 'sign-in-refused' })
})

test('a registration that ends within the sign-in is not used', async () => {
  rig.center.state.times = { ...rig.center.state.times, clientLifeMs: 10 * 60_000 }
  await rig.signIn('browser')
  await rig.signIn('browser')
  expect(rig.center.oidcCalls.filter(({ operation }) => operation === 'RegisterClient')).toHaveLength(2)
})

test('a person who denies is not signed in, and nothing is kept', async () => {
  rig.browse = plainBrowser('deny')
  await expect(rig.signIn('browser')).rejects.toMatchObject({ code: 'sign-in-denied' })
  expect(kinds().at(-1)).toBe('failed')
  expect(await rig.signIns.factsOf(rig.access)).toEqual({ kind: 'missing' })
})

test('a sign-in that fails leaves the one before it as it was', async () => {
  await rig.signIn('browser')
  const before = await cached(tokenFileName(rig.access))
  rig.browse = plainBrowser('deny')
  await expect(rig.signIn('browser')).rejects.toThrow()
  expect(await cached(tokenFileName(rig.access))).toEqual(before)
})

describe('a browser that cannot be used', () => {
  test('gives way to a device code', async () => {
    rig.browse = undefined
    rig.center.state.times = { ...rig.center.state.times, intervalSeconds: 0.05 }
    const signedIn = rig.signIn('browser')
    await waitFor(() => kinds().includes('awaiting-device'), { what: 'the code' })
    rig.center.decideDevice('approved')
    await signedIn
    expect(kinds().filter((kind, index, all) => kind !== all[index - 1])).toEqual([
      ...['registering', 'asking', 'registering', 'asking', 'awaiting-device', 'signed-in'],
    ])
  })

  test('does so as well where AWS knows no redirects', async () => {
    rig.center.oidcFaults.next('RegisterClient', oidcError('InvalidRedirectUriException'))
    const stop = new AbortController()
    const signedIn = rig.signIn('browser', stop.signal)
    await waitFor(() => kinds().includes('awaiting-device'), { what: 'the code' })
    stop.abort()
    await expect(signedIn).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('is not even tried for a profile of the old form', async () => {
    await using old = await openSignInRig({ sessionName: undefined })
    const stop = new AbortController()
    const signedIn = old.signIn('browser', stop.signal)
    await waitFor(() => old.states.some(({ kind }) => kind === 'awaiting-device'), { what: 'the code' })
    stop.abort()
    await expect(signedIn).rejects.toMatchObject({ code: 'cancelled' })
    expect(old.opened).toEqual([])
  })
})

describe('every error of the service has a meaning', () => {
  test.each<[OidcErrorName, string]>([
    ['AccessDeniedException', 'sign-in-denied'],
    ['ExpiredTokenException', 'sign-in-timeout'],
    ['InvalidGrantException', 'sign-in-timeout'],
    ['InvalidRequestException', 'sign-in-refused'],
    ['InvalidScopeException', 'sign-in-refused'],
  ])('%s when the code is exchanged: %s', async (name, code) => {
    rig.center.oidcFaults.next('CreateToken', oidcError(name))
    await expect(rig.signIn('browser')).rejects.toMatchObject({ code })
  })

  test.each<[OidcErrorName, string]>([
    ['InvalidRequestException', 'sign-in-refused'],
    ['InvalidScopeException', 'sign-in-refused'],
    ['ThrottlingException', 'aws-throttled'],
    ['InternalServerException', 'aws-failed'],
  ])('%s when the client is registered: %s', async (name, code) => {
    rig.center.oidcFaults.next('RegisterClient', oidcError(name, 'Invalid start url'), 3)
    await expect(rig.signIn('browser')).rejects.toMatchObject({ code })
  })

  test('what AWS says about a request is passed on', async () => {
    rig.center.oidcFaults.next('RegisterClient', oidcError('InvalidRequestException', 'Invalid\nissuer url'))
    await expect(rig.signIn('browser')).rejects.toMatchObject({ args: { reason: 'Invalid issuer url' } })
  })

  test('a single failure of the service is not noticed', async () => {
    for (const operation of ['RegisterClient', 'CreateToken'] as const) {
      rig.center.oidcFaults.next(operation, oidcError('InternalServerException'))
    }
    await rig.signIn('browser')
  })

  test('silence has a limit', async () => {
    await using impatient = await openSignInRig({ answerLimitMs: 100 })
    impatient.center.oidcFaults.next('RegisterClient', 'hang', 3)
    await expect(impatient.signIn('browser')).rejects.toMatchObject({ code: 'aws-timeout' })
  })

  test('nobody there is said so', async () => {
    await using lonely = await openSignInRig()
    await lonely.center.oidc[Symbol.asyncDispose]()
    await expect(lonely.signIn('browser')).rejects.toMatchObject({ code: 'aws-unreachable' })
  })
})

describe('cancelling', () => {
  test.each(['registering', 'awaiting-browser', 'exchanging'] as const)(
    'ends a sign-in that is %s',
    async (kind) => {
      if (kind === 'registering') rig.center.oidcFaults.next('RegisterClient', 'hang')
      if (kind === 'exchanging') rig.center.oidcFaults.next('CreateToken', 'hang')
      if (kind === 'awaiting-browser') rig.browse = () => Promise.resolve(true)
      const stop = new AbortController()
      const signedIn = rig.signIn('browser', stop.signal)
      const calls = { registering: 1, 'awaiting-browser': 1, exchanging: 2 }[kind]
      await waitFor(() => kinds().at(-1) === kind && rig.center.oidcCalls.length === calls, { what: kind })
      stop.abort(new Error('the person said so'))
      await expect(signedIn).rejects.toMatchObject({ code: 'cancelled' })
      expect(await rig.signIns.factsOf(rig.access)).toEqual({ kind: 'missing' })
    },
  )

  test('closes the port that the browser would have come back to', async () => {
    rig.browse = () => Promise.resolve(true)
    const stop = new AbortController()
    const signedIn = rig.signIn('browser', stop.signal)
    await waitFor(() => kinds().at(-1) === 'awaiting-browser', { what: 'the browser' })
    stop.abort()
    await expect(signedIn).rejects.toThrow()
    const redirect = new URL(rig.opened[0]!).searchParams.get('redirect_uri')!
    await expect(fetch(redirect)).rejects.toThrow('fetch failed')
  })
})

test('nobody is waited for longer than ten minutes', async () => {
  const clock = new FakeClock()
  await using patient = await openSignInRig({ clock })
  patient.browse = () => Promise.resolve(true)
  const signedIn = patient.signIn('browser')
  const outcome = expect(signedIn).rejects.toMatchObject({ code: 'sign-in-timeout' })
  await waitFor(() => patient.states.at(-1)?.kind === 'awaiting-browser', { what: 'the browser' })
  await clock.advance(599_000)
  expect(patient.states.at(-1)?.kind).toBe('awaiting-browser')
  await clock.advance(1_000)
  await outcome
})
