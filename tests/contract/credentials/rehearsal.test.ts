import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { SessionState } from '../../../src-main/core/session-state.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import type { SessionCredentials } from '../../../src-main/services/credentials/tunnel-identity.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { keyLines, startLocalAws, type LocalAws } from '../../harness/aws/local-aws.ts'
import { countActions } from '../../harness/aws/sts.ts'
import { waitFor } from '../../harness/wait-for.ts'

/*
 * Days of a mounted drive in seconds: time is the fake clock's, for AWS, too; requests are real. Requests take no time of that clock,
 * because it goes on only when none is under way.
 */
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const signal = new AbortController().signal

let clock: FakeClock
let aws: LocalAws
let states: string[]
let notices: number[]
let roleCredentials: () => Promise<SessionCredentials>
let portalCalls: number

beforeEach(async () => {
  clock = new FakeClock()
  // The SDK signs by the system's date, and there is no other way to tell it.
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(clock.now())
  portalCalls = 0
  roleCredentials = () => Promise.resolve(portalIssues(hourMs))
  aws = await startLocalAws({
    clock,
    signIns: {
      roleCredentials: () => {
        portalCalls += 1
        return roleCredentials()
      },
    },
  })
  const user = aws.account.addUser('ann')
  const role = aws.account.addRole('reader', { trusts: ['*'] })
  await aws.writeCredentials(`[default]\n${keyLines(user)}`)
  await aws.writeConfig(
    `[profile work]\nrole_arn = ${role.arn}\nsource_profile = default\n` +
      '[profile sso]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Reader\n' +
      '[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-central-1\n',
  )
  states = []
  notices = []
  aws.credentials.sessions.stateChanged.on(({ state }) => states.push(describeState(state)))
  aws.credentials.sessions.noticed.on(({ minutes }) => notices.push(minutes))
})
afterEach(async () => {
  await aws[Symbol.asyncDispose]()
  vi.useRealTimers()
})

describe('a day of a role', () => {
  test('is renewed at 60 % of its life, and never over', async () => {
    const drive = await mounted('work')
    let shortest = Infinity
    await pass(24 * hourMs, () => {
      const state = aws.credentials.sessions.stateOf('work')
      if (state.kind === 'valid') shortest = Math.min(shortest, state.expiresAtMs! - clock.now())
    })
    // 36 minutes each: one at the start, and then 40 in 24 hours.
    expect(countActions(aws.sts.requests, 'AssumeRole')).toBe(41)
    expect(states).toEqual(Array<string>(41).fill('valid'))
    expect(notices).toEqual([])
    expect(shortest).toBeGreaterThanOrEqual(23 * minuteMs)
    drive[Symbol.dispose]()
  })

  test('stops asking AWS when nobody needs it any more', async () => {
    const drive = await mounted('work')
    drive[Symbol.dispose]()
    await pass(24 * hourMs)
    expect(countActions(aws.sts.requests, 'AssumeRole')).toBe(1)
  })

  test('goes on right after a sleep of nine hours, with one request', async () => {
    using _drive = await mounted('work')
    await pass(10 * minuteMs)
    clock.sleepOver(9 * hourMs)
    await pass(minuteMs)
    expect(states).toEqual(['valid', 'expired: session-expired', 'valid'])
    expect(countActions(aws.sts.requests, 'AssumeRole')).toBe(2)
    expect(notices).toEqual([])
  })

  test('is over when it is asked for in the moment of waking, before anything noticed', async () => {
    using _drive = await mounted('work')
    clock.sleepOver(9 * hourMs)
    vi.setSystemTime(clock.now())
    expect(aws.credentials.sessions.stateOf('work').kind).toBe('expired')
    const session = await aws.credentials.sessions.sessionFor('work', signal)
    expect(session.expiresAtMs).toBe(clock.now() + hourMs)
  })

  test('gets through a network that is away at the time of renewal', async () => {
    using _drive = await mounted('work')
    await pass(30 * minuteMs)
    aws.sts.misbehave({ kind: 'cut' })
    await pass(20 * minuteMs)
    aws.sts.misbehave(undefined)
    await pass(5 * minuteMs)
    expect(new Set(states)).toEqual(new Set(['valid', 'valid, aws-unreachable']))
    expect(states.at(-1)).toBe('valid')
    expect(notices).toEqual([])
    // In 14 minutes of silence: pauses of 11, 22, 45, 90, 180 and 225 seconds, each attempt tried three times.
    expect(countActions(aws.sts.requests, 'AssumeRole')).toBeLessThanOrEqual(1 + 3 * 8 + 1)
  })

  test('is over with a network that stays away, and comes back with it', async () => {
    using _drive = await mounted('work')
    aws.sts.misbehave({ kind: 'cut' })
    await pass(90 * minuteMs)
    expect(aws.credentials.sessions.stateOf('work')).toMatchObject({
      kind: 'expired',
      error: { code: 'aws-unreachable' },
    })
    aws.sts.misbehave(undefined)
    await pass(5 * minuteMs)
    expect(states.at(-1)).toBe('valid')
  })

  test('is fetched anew at once when AWS refuses it before its time', async () => {
    using _drive = await mounted('work')
    const { sessions } = aws.credentials
    const session = await sessions.sessionFor('work', signal)
    sessions.refused(session, new AppError('session-expired', { profile: 'work' }))
    await settled()
    // What was refused is not refused twice.
    sessions.refused(session, new AppError('session-expired', { profile: 'work' }))
    await settled()
    expect(states).toEqual(['valid', 'expired: session-expired', 'valid'])
    expect(countActions(aws.sts.requests, 'AssumeRole')).toBe(2)
  })

  test('is renewed once, however many ask', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, () => aws.credentials.sessions.sessionFor('work', signal)),
    )
    expect(new Set(all).size).toBe(1)
    expect(countActions(aws.sts.requests, 'AssumeRole')).toBe(1)
  })
})

describe('a sign-in that ends', () => {
  test('is told of 15 and 5 minutes ahead, once each, and then is over', async () => {
    using _drive = await mounted('sso')
    roleCredentials = () => Promise.reject(new AppError('sign-in-expired', { profile: 'sso' }))
    const told: string[] = []
    aws.credentials.sessions.noticed.on(({ minutes, expiresAtMs }) =>
      told.push(`${minutes} of ${Math.round((expiresAtMs - clock.now()) / minuteMs)}`),
    )
    await pass(3 * hourMs)
    expect(told).toEqual(['15 of 15', '5 of 5'])
    expect(states).toEqual(['valid', 'expiring: sign-in-expired', 'expired: sign-in-expired'])
    // It is looked whether somebody has signed in meanwhile, with pauses.
    expect(portalCalls).toBeLessThanOrEqual(1 + (3 * 60) / 3)
  })

  test('is forgotten as soon as somebody has signed in, here or in another program', async () => {
    using _drive = await mounted('sso')
    roleCredentials = () => Promise.reject(new AppError('sign-in-expired', { profile: 'sso' }))
    await pass(46 * minuteMs)
    expect(notices).toEqual([15])
    roleCredentials = () => Promise.resolve(portalIssues(hourMs))
    aws.signInsChanged.fire()
    await settled()
    expect(states.at(-1)).toBe('valid')
    await pass(24 * hourMs)
    expect(notices).toEqual([15])
    expect(new Set(states.slice(2))).toEqual(new Set(['valid']))
  })

  test('gives one notice, and not two, when the machine wakes in the last minutes', async () => {
    using _drive = await mounted('sso')
    roleCredentials = () => Promise.reject(new AppError('sign-in-expired', { profile: 'sso' }))
    await pass(40 * minuteMs)
    clock.sleepOver(17 * minuteMs)
    await pass(minuteMs)
    expect(notices).toEqual([5])
  })

  test('has no notices after a night: it is over, and that is what is said', async () => {
    using _drive = await mounted('sso')
    roleCredentials = () => Promise.reject(new AppError('sign-in-expired', { profile: 'sso' }))
    clock.sleepOver(9 * hourMs)
    await pass(minuteMs)
    expect(states).toEqual(['valid', 'expired: session-expired', 'expired: sign-in-expired'])
    expect(notices).toEqual([])
  })

  test('that was revoked is known at the next renewal, while the role is still good', async () => {
    using _drive = await mounted('sso')
    roleCredentials = () => Promise.reject(new AppError('sign-in-needed', { profile: 'sso' }))
    await pass(37 * minuteMs)
    expect(states).toEqual(['valid', 'expiring: sign-in-needed'])
    expect(await aws.credentials.sessions.sessionFor('sso', signal)).toMatchObject({ roleName: 'Reader' })
  })
})

/** A drive wants the session of `profile`, and has it. */
async function mounted(profile: string): Promise<Disposable> {
  const kept = aws.credentials.sessions.keep(profile)
  await aws.credentials.sessions.sessionFor(profile, signal)
  await settled()
  return kept
}

/** Time goes on in steps, and waits for what each of them has begun. */
async function pass(byMs: number, look?: () => void): Promise<void> {
  for (let leftMs = byMs; leftMs > 0; leftMs -= 10_000) {
    await clock.advance(Math.min(10_000, leftMs))
    vi.setSystemTime(clock.now())
    await settled()
    look?.()
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  await waitFor(() => !['work', 'sso'].some((profile) => aws.credentials.sessions.isRenewing(profile)), {
    what: 'requests under way',
    everyMs: 1,
  })
}

function portalIssues(lifeMs: number): SessionCredentials {
  const expiresAtMs = clock.now() + lifeMs
  const { accessKeyId, secretAccessKey, session } = aws.account.issue('Reader', 'ann', expiresAtMs)
  return { accessKeyId, secretAccessKey, sessionToken: session.token, expiresAtMs }
}

function describeState(state: SessionState): string {
  if (state.kind === 'valid') return state.trouble === undefined ? 'valid' : `valid, ${state.trouble.code}`
  if (state.kind === 'awaiting-approval') return state.kind
  return state.error === undefined ? state.kind : `${state.kind}: ${state.error.code}`
}
