import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { systemClock } from '../../../src-main/lib/clock.ts'
import type { AskMfaCode } from '../../../src-main/services/credentials/ports.ts'
import type { Session } from '../../../src-main/services/credentials/sessions/session.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import type { AwsKey } from '../../harness/aws/account.ts'
import { keyLines, startLocalAws, type LocalAws } from '../../harness/aws/local-aws.ts'
import { countActions } from '../../harness/aws/sts.ts'

const signal = new AbortController().signal
let aws: LocalAws
let skewMs = 0
let user: AwsKey

beforeEach(async () => {
  skewMs = 0
  await start()
})
afterEach(() => aws[Symbol.asyncDispose]())

async function start(answerLimitMs?: number): Promise<void> {
  const nowMs = (): number => Date.now() + skewMs
  aws = await startLocalAws({
    clock: systemClock,
    nowMs,
    ...(answerLimitMs !== undefined && { answerLimitMs }),
  })
  user = aws.account.addUser('ann')
  await aws.writeCredentials(`[default]\n${keyLines(user)}`)
}

const session = (profile: string, ask?: AskMfaCode): Promise<Session> =>
  aws.credentials.sessions.sessionFor(profile, signal, ask && { askMfaCode: ask })

describe('a role', () => {
  test('is taken with the keys of the source profile, and works', async () => {
    const role = aws.account.addRole('reader', { trusts: [user.arn] })
    await aws.writeConfig(
      `[profile work]\nrole_arn = ${role.arn}\nsource_profile = default\nregion = eu-central-1`,
    )
    const work = await session('work')
    expect(work).toMatchObject({ accountId: '111122223333', roleName: 'reader' })
    expect(await aws.credentials.sts.whoIs(work.credentials, 'eu-central-1', signal)).toEqual({
      arn: 'arn:aws:sts::111122223333:assumed-role/reader/mountbar',
      accountId: '111122223333',
      roleName: 'reader',
    })
  })

  test('is taken with another role, down a chain', async () => {
    const first = aws.account.addRole('hub', { trusts: [user.arn] })
    const second = aws.account.addRole('spoke', { trusts: [first.arn], externalId: 'x+/=1' })
    await aws.writeConfig(
      `[profile hub]\nrole_arn = ${first.arn}\nsource_profile = default\n` +
        `[profile spoke]\nrole_arn = ${second.arn}\nsource_profile = hub\nexternal_id = x+/=1\nrole_session_name = me`,
    )
    const { credentials } = await session('spoke')
    expect(await aws.credentials.sts.whoIs(credentials, 'us-east-1', signal)).toMatchObject({
      arn: 'arn:aws:sts::111122223333:assumed-role/spoke/me',
    })
    expect(countActions(aws.sts.requests, 'AssumeRole')).toBe(2)
  })

  test('lasts as long as the profile says', async () => {
    const role = aws.account.addRole('short', { trusts: ['*'] })
    await aws.writeConfig(
      `[profile short]\nrole_arn = ${role.arn}\nsource_profile = default\nduration_seconds = 900`,
    )
    const { issuedAtMs, expiresAtMs } = await session('short')
    expect(Math.abs(expiresAtMs! - issuedAtMs - 900_000)).toBeLessThan(5_000)
  })

  test('that trusts somebody else is named in the refusal', async () => {
    const role = aws.account.addRole('other', { trusts: ['arn:aws:iam::111122223333:user/bob'] })
    await aws.writeConfig(`[profile other]\nrole_arn = ${role.arn}\nsource_profile = default`)
    await expect(session('other')).rejects.toMatchObject({
      code: 'role-denied',
      args: { profile: 'other', role: role.arn },
    })
  })

  test('is taken with a web identity token, without any key', async () => {
    const tokenPath = join(aws.homeDir, 'token')
    await writeFile(tokenPath, 'a.b.c\n')
    const role = aws.account.addRole('web', { trusts: [], tokens: ['a.b.c'] })
    await aws.writeConfig(`[profile web]\nrole_arn = ${role.arn}\nweb_identity_token_file = ${tokenPath}`)
    expect(await session('web')).toMatchObject({ roleName: 'web' })

    await writeFile(tokenPath, 'x.y.z')
    await aws.writeConfig(`[profile again]\nrole_arn = ${role.arn}\nweb_identity_token_file = ${tokenPath}`)
    await expect(session('again')).rejects.toMatchObject({ code: 'web-identity-rejected' })

    await aws.writeConfig(
      `[profile gone]\nrole_arn = ${role.arn}\nweb_identity_token_file = ${tokenPath}.gone`,
    )
    await expect(session('gone')).rejects.toMatchObject({
      code: 'web-identity-unreadable',
      args: { profile: 'gone', path: `${tokenPath}.gone` },
    })
  })
})

describe('a role that wants a code', () => {
  const serial = 'arn:aws:iam::111122223333:mfa/ann'
  let mfa: { serial: string; code: string }

  beforeEach(async () => {
    mfa = { serial, code: '123456' }
    const role = aws.account.addRole('safe', { trusts: ['*'], mfa })
    await aws.writeConfig(
      `[profile safe]\nrole_arn = ${role.arn}\nsource_profile = default\nmfa_serial = ${serial}`,
    )
  })

  test('is taken with the one that a person types, and the state says that they are asked', async () => {
    const states: string[] = []
    aws.credentials.sessions.stateChanged.on(({ state }) => states.push(state.kind))
    const questions: unknown[] = []
    await session('safe', (question) => {
      questions.push(question)
      return Promise.resolve('123 456 ')
    })
    expect(questions).toEqual([{ profile: 'safe', serial, role: 'arn:aws:iam::111122223333:role/safe' }])
    expect(states).toEqual(['awaiting-approval', 'valid'])
  })

  test('is not asked for at AWS when nobody is there to type one', async () => {
    await expect(session('safe')).rejects.toMatchObject({
      code: 'mfa-needed',
      args: { profile: 'safe', serial },
    })
    expect(aws.sts.requests).toEqual([])
    expect(aws.credentials.sessions.stateOf('safe')).toMatchObject({
      kind: 'signed-out',
      error: { code: 'mfa-needed' },
    })
  })

  test('does not take a wrong one, and a person may try again at once', async () => {
    await expect(session('safe', () => Promise.resolve('654321'))).rejects.toMatchObject({
      code: 'mfa-rejected',
    })
    expect(await session('safe', () => Promise.resolve('123456'))).toMatchObject({ roleName: 'safe' })
  })

  test('sends nothing that cannot be a code', async () => {
    await expect(session('safe', () => Promise.resolve('hunter2'))).rejects.toMatchObject({
      code: 'mfa-rejected',
    })
    expect(aws.sts.requests).toEqual([])
  })

  test('leaves the session as it was when the person would rather not', async () => {
    await expect(session('safe', () => Promise.reject(new AppError('cancelled')))).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(aws.credentials.sessions.stateOf('safe').kind).toBe('signed-out')
  })
})

describe('what AWS and the network may do is named', () => {
  const configure = async (): Promise<void> => {
    const role = aws.account.addRole('reader', { trusts: ['*'] })
    await aws.writeConfig(`[profile work]\nrole_arn = ${role.arn}\nsource_profile = default`)
  }
  beforeEach(configure)

  test.each([
    ['too many requests', { kind: 'throttle' }, 'aws-throttled'],
    ['a broken service', { kind: 'fail', status: 500 }, 'aws-failed'],
    ['a cut connection', { kind: 'cut' }, 'aws-unreachable'],
  ] as const)('%s', async (_, how, code) => {
    aws.sts.misbehave(how)
    await expect(session('work')).rejects.toMatchObject({ code })
  })

  test('no answer', async () => {
    await aws[Symbol.asyncDispose]()
    await start(100)
    await configure()
    aws.sts.misbehave({ kind: 'hang' })
    await expect(session('work')).rejects.toMatchObject({ code: 'aws-timeout' })
  })

  test('one bad moment goes by unnoticed', async () => {
    aws.sts.misbehave({ kind: 'fail', status: 503 }, 1)
    expect(await session('work')).toMatchObject({ roleName: 'reader' })
  })

  test('nobody there', async () => {
    await aws.sts[Symbol.asyncDispose]()
    await expect(session('work')).rejects.toMatchObject({
      code: 'aws-unreachable',
      args: { host: new URL(aws.sts.url).host, reason: 'nobody answers there' },
    })
  })

  test('keys that were deleted', async () => {
    aws.account.revoke(user)
    await expect(session('work')).rejects.toMatchObject({
      code: 'credentials-rejected',
      args: { profile: 'work' },
    })
  })

  test('a mistyped secret', async () => {
    await aws.writeCredentials(`[default]\n${keyLines({ ...user, secretAccessKey: 'wrong' })}`)
    await expect(session('work')).rejects.toMatchObject({ code: 'credentials-rejected' })
  })

  test('temporary keys whose time is over', async () => {
    const old = aws.account.issue('old', 'me', Date.now() - 1)
    await aws.writeCredentials(`[default]\n${keyLines(old)}`)
    await expect(session('work')).rejects.toMatchObject({ code: 'session-expired' })
  })

  test.each([
    ['ahead', 7],
    ['behind', -7],
  ])('a clock of AWS that is %s', async (_, minutes) => {
    skewMs = minutes * 60_000
    await expect(session('work')).rejects.toMatchObject({
      code: 'clock-skewed',
      args: { peer: 'AWS', skewMinutes: 7 },
    })
    expect(Math.round(aws.credentials.skew.skewMs! / 60_000)).toBe(minutes)
  })

  test('a clock that is a little wrong is no cause of anything', async () => {
    skewMs = 3 * 60_000
    expect(await session('work')).toMatchObject({ roleName: 'reader' })
    aws.account.revoke(user)
    await aws.writeConfig(
      `[profile other]\nrole_arn = arn:aws:iam::111122223333:role/reader\nsource_profile = default`,
    )
    await expect(session('other')).rejects.toMatchObject({ code: 'credentials-rejected' })
  })

  test('a caller who leaves', async () => {
    aws.sts.misbehave({ kind: 'hang' })
    const leave = new AbortController()
    const asked = aws.credentials.sessions.sessionFor('work', leave.signal)
    const reason = new Error('gone')
    leave.abort(reason)
    await expect(asked).rejects.toBe(reason)
  })
})

describe('other sources', () => {
  test('a program prints credentials', async () => {
    const path = join(aws.homeDir, 'print.json')
    const Expiration = new Date(Date.now() + 3_600_000).toISOString()
    const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = user
    await writeFile(path, JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey, Expiration }))
    await aws.writeConfig(`[profile printed]\ncredential_process = cat ${path}`)
    expect(await session('printed')).toMatchObject({ expiresAtMs: Date.parse(Expiration) })
  })

  test('a program that fails keeps its output to itself', async () => {
    await aws.writeConfig(`[profile printed]\ncredential_process = sh -c 'echo canary-in-stderr >&2; exit 3'`)
    const error: unknown = await session('printed').catch((failure: unknown) => failure)
    expect(error).toMatchObject({
      code: 'credential-process-failed',
      args: { profile: 'printed' },
    })
    expect(inspect(error)).not.toContain('canary')
  })

  test('temporary keys end when the tool that wrote them said', async () => {
    const key = aws.account.issue('tool', 'me', Date.now() + 600_000)
    const end = new Date(key.session.expiresAtMs).toISOString()
    await aws.writeCredentials(`[tool]\n${keyLines(key)}x_security_token_expires = ${end}\n`)
    const tool = await session('tool')
    expect(tool.expiresAtMs).toBe(key.session.expiresAtMs)
    expect(inspect(tool)).not.toContain(key.secretAccessKey)
  })

  test('a sign-in’s credentials come from whoever keeps sign-ins', async () => {
    await aws.writeConfig(
      '[profile sso]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Reader\n' +
        '[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-central-1',
    )
    await expect(session('sso')).rejects.toMatchObject({ code: 'sign-in-needed' })
    expect(aws.credentials.sessions.stateOf('sso')).toMatchObject({ kind: 'signed-out' })
  })
})
