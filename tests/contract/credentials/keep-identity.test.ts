import { createPublicKey, X509Certificate } from 'node:crypto'

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { AppError } from '../../../src-main/shared/errors.ts'
import { keepIdentity, type KeptIdentity } from '../../../src-main/services/credentials/keep-identity.ts'
import { generateTunnelKey, type TunnelKey } from '../../../src-main/services/credentials/tunnel-key.ts'
import type { IdentitySource } from '../../../src-main/services/bridge/ports.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { keyLines, startLocalAws, type LocalAws } from '../../harness/aws/local-aws.ts'
import { countActions } from '../../harness/aws/sts.ts'
import type { Authority } from '../../harness/s3files/identity/authority.ts'
import { judge } from '../../harness/s3files/identity/judge.ts'

const minuteMs = 60_000
const signal = new AbortController().signal
const fileSystemId = 'fs-0123456789abcdef0'
const region = 'eu-central-1'

let clock: FakeClock
let aws: LocalAws
let keysMade: number
let renewable: number
let kept: KeptIdentity

beforeEach(async () => {
  clock = new FakeClock()
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(clock.now())
  aws = await startLocalAws({ clock })
  const role = aws.account.addRole('reader', { trusts: ['*'] })
  await aws.writeCredentials(`[default]\n${keyLines(aws.account.addUser('ann'))}`)
  await aws.writeConfig(`[profile work]\nrole_arn = ${role.arn}\nsource_profile = default\n`)
  keysMade = 0
  renewable = 0
  kept = keepIdentity({
    sessions: aws.credentials.sessions,
    profile: 'work',
    fileSystemId,
    region,
    commonName: 'bridge',
    clientInfo: { source: 'mountbar', version: '3.3.1' },
    clock,
    generateKey: (): Promise<TunnelKey> => {
      keysMade += 1
      return generateTunnelKey()
    },
    onRenewable: () => {
      renewable += 1
    },
  })
})
afterEach(async () => {
  kept[Symbol.dispose]()
  await aws[Symbol.asyncDispose]()
  vi.useRealTimers()
})

function pass(minutes: number): void {
  clock.sleepOver(minutes * minuteMs)
  vi.setSystemTime(clock.now())
}

test('a drive’s identity is one that the file system lets in', async () => {
  // What bridges ask for.
  const source: IdentitySource = (one) => kept.issue(one)
  const identity = await source(signal)
  expect(judge(derOf(identity), authority(), clock.now())).toMatchObject({
    refusals: [],
    actions: ['s3files:ClientMount'],
  })
  expect(identity.expiresAtMs).toBe(clock.now() + 60 * minuteMs)
})

test('all identities of a drive are for one key', async () => {
  const [first, second] = await Promise.all([kept.issue(signal), kept.issue(signal)])
  pass(40)
  const third = await kept.issue(signal)
  expect(keysMade).toBe(1)
  expect(new Set([first, second, third].map(publicKeyOf)).size).toBe(1)
})

test('an identity in the second half of a session is made from a new session, so that it lasts', async () => {
  await kept.issue(signal)
  pass(29)
  expect((await kept.issue(signal)).expiresAtMs).toBe(clock.now() + 31 * minuteMs)
  pass(2)
  expect((await kept.issue(signal)).expiresAtMs).toBe(clock.now() + 60 * minuteMs)
  expect(countActions(aws.sts.requests, 'AssumeRole')).toBe(2)
  expect(renewable).toBe(2)
})

test('an identity is made from what is left when AWS cannot be reached', async () => {
  await kept.issue(signal)
  pass(45)
  aws.sts.misbehave({ kind: 'cut' })
  expect((await kept.issue(signal)).expiresAtMs).toBe(clock.now() + 15 * minuteMs)
})

test('there is none without a session, and the reason is named', async () => {
  await kept.issue(signal)
  pass(61)
  aws.sts.misbehave({ kind: 'cut' })
  await expect(kept.issue(signal)).rejects.toMatchObject({ code: 'aws-unreachable' })
})

test('one that is asked for after a refusal is from other credentials', async () => {
  const { sessions } = aws.credentials
  const before = await kept.issue(signal)
  sessions.refused(
    await sessions.sessionFor('work', signal),
    new AppError('session-expired', { profile: 'work' }),
  )
  const after = await kept.issue(signal)
  const keyIdOf = (one: typeof before): string | undefined =>
    judge(derOf(one), authority(), clock.now()).identity?.clientAuth?.accessKeyId
  expect(keyIdOf(after)).not.toBe(keyIdOf(before))
})

describe('of a profile that wants a code', () => {
  const serial = 'arn:aws:iam::111122223333:mfa/ann'
  let asked: number
  const answer = (code: string) => () => {
    asked += 1
    return Promise.resolve(code)
  }

  beforeEach(async () => {
    asked = 0
    const { arn } = aws.account.addRole('safe', { trusts: ['*'], mfa: { serial, code: '123456' } })
    await aws.writeConfig(
      `[profile work]\nrole_arn = ${arn}\nsource_profile = default\nmfa_serial = ${serial}\n`,
    )
  })

  test('identities are there without a question once somebody has typed it', async () => {
    await kept.prepare(signal, answer('123456'))
    const identity = await kept.issue(signal)
    expect(identity.expiresAtMs).toBe(clock.now() + 60 * minuteMs)
    pass(50)
    expect((await kept.issue(signal)).expiresAtMs).toBe(identity.expiresAtMs)
    expect(asked).toBe(1)
  })

  test('there is none when nobody can be asked, and AWS is not asked either', async () => {
    await expect(kept.prepare(signal)).rejects.toMatchObject({ code: 'mfa-needed' })
    expect(aws.sts.requests).toEqual([])
  })

  test('there is none after a wrong code, and the next time it is asked for again', async () => {
    await expect(kept.prepare(signal, answer('000000'))).rejects.toMatchObject({ code: 'mfa-rejected' })
    await kept.prepare(signal, answer('123456'))
    expect(asked).toBe(2)
  })

  test('there is none any more when the session is over: nobody is asked for what runs by itself', async () => {
    await kept.prepare(signal, answer('123456'))
    pass(61)
    await expect(kept.issue(signal)).rejects.toMatchObject({ code: 'mfa-needed' })
    expect(asked).toBe(1)
  })
})

test('nobody is asked for a code that AWS does not want', async () => {
  await kept.prepare(signal, () => Promise.reject(new Error('somebody was asked')))
  expect(countActions(aws.sts.requests, 'AssumeRole')).toBe(1)
})

function authority(): Authority {
  const principals = [...aws.account.keys.values()].map(({ accessKeyId, secretAccessKey, session }) => ({
    accessKeyId,
    secretAccessKey,
    ...(session && { session }),
    actions: ['s3files:ClientMount' as const],
  }))
  return { fileSystemId, region, accessPoints: [], principals }
}

function derOf({ certificatePem }: { readonly certificatePem: string }): Buffer {
  return new X509Certificate(certificatePem).raw
}

function publicKeyOf({ privateKeyPem }: { readonly privateKeyPem: string }): string {
  return createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }).toString()
}
