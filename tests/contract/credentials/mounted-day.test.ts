import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { SessionState } from '../../../src-main/core/session-state.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import { watchForWakes } from '../../../src-main/lib/wake-watch.ts'
import { IdentityKeeper } from '../../../src-main/services/bridge/identity-keeper.ts'
import type { IssuedIdentity } from '../../../src-main/services/bridge/ports.ts'
import { createCredentials, type Credentials } from '../../../src-main/services/credentials/credentials.ts'
import { keepIdentity } from '../../../src-main/services/credentials/keep-identity.ts'
import { ssoCacheDirOf } from '../../../src-main/services/credentials/sso/sso-cache.ts'
import { createSsoSignIns } from '../../../src-main/services/credentials/sso/sso-sign-ins.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { configureSso, signInAsAwsCli } from '../../harness/aws/as-aws-cli.ts'
import { startIdentityCenter, type LocalIdentityCenter } from '../../harness/aws/start-identity-center.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { waitFor } from '../../harness/wait-for.ts'

/*
 * A drive that stays mounted: the files of an SSO profile, its sign-in, its session and the identities of its tunnel, all as in a keeper,
 * with nothing but time and the containers left out. Requests take no time of the fake clock, because it goes on only when none is under way.
 */
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const stepMs = 10_000
const profile = 'work'

interface HandOver {
  readonly atMs: number
  readonly identity: IssuedIdentity
}

let clock: FakeClock
let center: LocalIdentityCenter
let homeDir: string
let credentials: Credentials
let handedOver: HandOver[]
let underWay: number
let startedMs: number
/** The least that was left of the tunnel's identity while the machine was awake. */
let shortestMs: number
let states: string[]
let told: string[]
let ends: AsyncDisposableStack

beforeEach(async () => {
  clock = new FakeClock()
  ends = new AsyncDisposableStack()
  handedOver = []
  underWay = 0
  shortestMs = Infinity
  states = []
  told = []
  const temp = ends.use(await makeTempDir('mounted-day'))
  homeDir = temp.dir
  // A sign-in of a month: what its refresh tokens live, and not what its access tokens do.
  const times = { refreshLifeMs: 30 * 24 * hourMs }
  center = ends.use(await startIdentityCenter({ now: () => clock.now(), times }))
  await configureSso(homeDir, profile, center)
  credentials = ends.use(openCredentials())
  credentials.sessions.stateChanged.on(({ state }) => states.push(describeState(state)))
  credentials.sessions.noticed.on(({ minutes, expiresAtMs }) =>
    told.push(`${minutes} at ${Math.round((expiresAtMs - clock.now()) / minuteMs)}`),
  )
})
afterEach(async () => {
  await ends[Symbol.asyncDispose]()
})

test('a day of a mounted drive, with a night and a lost network: always an identity that is good, and nobody is needed', async () => {
  await signInAsAwsCli(homeDir, center)
  await mount()

  await pass(340 * minuteMs)
  // Credentials are renewed every 36 minutes, the sign-in at every other time: after 360 minutes both are due.
  setNetwork('away')
  await pass(35 * minuteMs)
  setNetwork('there')
  await pass(105 * minuteMs)
  clock.sleepOver(9 * hourMs)
  await pass(stepMs, { isAwake: false })
  await pass(7 * hourMs - stepMs)

  expect(clock.now() - startedMs).toBe(24 * hourMs)
  expect(shortestMs).toBeGreaterThan(0)
  expect(new Set(states)).toEqual(new Set(['valid', 'valid, aws-unreachable', 'expired: session-expired']))
  // By the sleep, and for no longer than it takes to notice that.
  expect(states.filter((state) => state.startsWith('expired'))).toHaveLength(1)
  expect(told).toEqual([])
  // Credentials: at 0, 36 … 324 minutes, again at 380, 416, 452, and from 1020 to 1416. The sign-in: at every other of these, from the third on.
  expect(answered()).toEqual({ roleCredentials: 10 + 3 + 12, refreshes: 4 + 2 + 6 })
  // What was asked for in vain: for 15 minutes, with growing pauses, each time tried thrice.
  expect(center.oidc.requests.length - answered().refreshes).toBeLessThanOrEqual(3 * 8)
  expect(center.portal.requests.length).toBe(answered().roleCredentials)
})

test('a sign-in that is over is told of 15 and 5 minutes ahead, and the drive goes on by itself once somebody has signed in with the AWS CLI', async () => {
  await signInAsAwsCli(homeDir, center)
  await mount()
  await pass(2 * hourMs)
  center.state.endAllSignIns()
  await pass(2 * hourMs, { isAwake: false })
  expect(told).toEqual(['15 at 15', '5 at 5'])
  expect(states.slice(-2)).toEqual(['expiring: sign-in-expired', 'expired: sign-in-expired'])
  expect(handedOver.at(-1)!.identity.expiresAtMs).toBeLessThan(clock.now())
  // It is looked whether the sign-in is back, with pauses.
  expect(answered().refreshes).toBeLessThan(40)

  const before = handedOver.length
  await signInAsAwsCli(homeDir, center)
  // The clock stands still: it is the file that is noticed.
  await waitFor(() => handedOver.length > before, { what: 'another identity' })
  expect(handedOver.at(-1)?.identity.expiresAtMs).toBe(clock.now() + hourMs)
  await pass(24 * hourMs)
  expect(told).toEqual(['15 at 15', '5 at 5'])
})

test('a clock that is wrong is known from the answers to a sign-in, too: an SSO drive asks nobody else', async () => {
  await using fast = await startIdentityCenter({ now: () => clock.now(), dateSkewMs: 20 * minuteMs })
  await configureSso(homeDir, profile, fast)
  await signInAsAwsCli(homeDir, fast)
  using ofFast = openCredentials(fast)
  await ofFast.sessions.sessionFor(profile, new AbortController().signal)
  expect(ofFast.skew.asError()).toMatchObject({ code: 'clock-skewed', args: { skewMinutes: 20 } })
})

/** What a keeper does for the identities of its drive. */
async function mount(): Promise<void> {
  const unmounted = new AbortController()
  const kept = keepIdentity({
    sessions: credentials.sessions,
    profile,
    fileSystemId: 'fs-0123456789abcdef0',
    region: center.region,
    commonName: 'bridge',
    clientInfo: { source: 'mountbar', version: '1' },
    clock,
    onRenewable: () => keeper.hurry(),
  })
  const keeper: IdentityKeeper = new IdentityKeeper({
    source: (signal) => tracked(kept.issue(signal)),
    handOver: (identity) => {
      handedOver.push({ atMs: clock.now(), identity })
      return Promise.resolve()
    },
    clock,
    log: silentLogger,
    random: () => 0.5,
  })
  ends.use(watchForWakes(clock, () => keeper.hurry()))
  ends.use(kept)
  ends.defer(() => unmounted.abort())
  await keeper.renew(unmounted.signal)
  void keeper.keepFresh(unmounted.signal)
  startedMs = clock.now()
}

async function tracked<T>(work: Promise<T>): Promise<T> {
  underWay += 1
  try {
    return await work
  } finally {
    underWay -= 1
  }
}

/** Time goes on in steps, and waits for what each of them has begun. After each, whoever `isAwake` could connect. */
async function pass(byMs: number, { isAwake = true } = {}): Promise<void> {
  for (let leftMs = byMs; leftMs > 0; leftMs -= stepMs) {
    await clock.advance(Math.min(stepMs, leftMs))
    await settled()
    if (isAwake) shortestMs = Math.min(shortestMs, handedOver.at(-1)!.identity.expiresAtMs - clock.now())
  }
}

async function settled(): Promise<void> {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  await turn()
  const isQuiet = (): boolean => underWay === 0 && !credentials.sessions.isRenewing(profile)
  await waitFor(isQuiet, { what: 'requests under way', everyMs: 1 })
  await turn()
}

function setNetwork(network: 'there' | 'away'): void {
  const how = network === 'away' ? ({ kind: 'cut' } as const) : undefined
  for (const service of [center.oidc, center.portal]) service.misbehave(how)
}

/** Calls that came to something. */
function answered(): { readonly roleCredentials: number; readonly refreshes: number } {
  return {
    roleCredentials: center.portalCalls.filter((call) => call === 'GetRoleCredentials').length,
    refreshes: center.oidcCalls.filter(({ grantType }) => grantType === 'refresh_token').length,
  }
}

function openCredentials({ portal, oidc } = center): Credentials {
  return createCredentials({
    env: { AWS_ENDPOINT_URL_SSO: portal.url, AWS_ENDPOINT_URL_SSO_OIDC: oidc.url },
    homeDir,
    signIns: (settings) =>
      createSsoSignIns({
        cacheDir: ssoCacheDirOf(homeDir),
        lockDir: join(homeDir, 'locks'),
        settings,
        openUrl: () => Promise.resolve(false),
        clock,
        log: silentLogger,
      }),
    clock,
    log: silentLogger,
    random: () => 0.5,
    limits: { connectLimitMs: 20_000, answerLimitMs: 20_000 },
  })
}

function describeState(state: SessionState): string {
  if (state.kind === 'valid') return state.trouble === undefined ? 'valid' : `valid, ${state.trouble.code}`
  if (state.kind === 'awaiting-approval') return state.kind
  return state.error === undefined ? state.kind : `${state.kind}: ${state.error.code}`
}
