import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { redact } from '../../../src-main/core/redact.ts'
import { systemClock } from '../../../src-main/lib/clock.ts'
import { createLogger } from '../../../src-main/lib/logger.ts'
import { keepIdentity } from '../../../src-main/services/credentials/keep-identity.ts'
import { checkPermissions } from '../../../src-main/services/credentials/permissions/permissions.ts'
import { loadAwsConfig } from '../../../src-main/services/credentials/profiles/aws-config.ts'
import { resolveConfigPaths } from '../../../src-main/services/credentials/profiles/config-paths.ts'
import type { Session } from '../../../src-main/services/credentials/sessions/session.ts'
import type { AwsKey } from '../../harness/aws/account.ts'
import { keyLines, startLocalAws, type LocalAws } from '../../harness/aws/local-aws.ts'

/*
 * Every path that a secret takes, with all that can be seen from outside kept and searched: log lines before and after they are redacted,
 * events, errors with their causes, states, reports, and the objects themselves printed, serialised and copied.
 */
const signal = new AbortController().signal
const mfaCode = '271828'

let aws: LocalAws
let user: AwsKey
let seen: unknown[]

beforeEach(async () => {
  await start()
})
afterEach(() => aws[Symbol.asyncDispose]())

async function start(answerLimitMs?: number): Promise<void> {
  seen = []
  const see = (line: string): string => {
    seen.push(line)
    return redact(line)
  }
  const log = createLogger({
    sink: (line) => seen.push(line),
    level: 'debug',
    format: 'text',
    redact: see,
    clock: systemClock,
  })
  aws = await startLocalAws({
    clock: systemClock,
    log,
    ...(answerLimitMs !== undefined && { answerLimitMs }),
  })
  user = aws.account.addUser('ann')
  const { sessions } = aws.credentials
  sessions.stateChanged.on((change) => seen.push(change))
  sessions.noticed.on((notice) => seen.push(notice))
  sessions.obtained.on((session) =>
    seen.push(session, { ...session }, Object.assign({}, session.credentials)),
  )
}

test('no secret can be seen on any path that goes well', async () => {
  const role = aws.account.addRole('reader', { trusts: ['*'], mfa: { serial: 'arn:mfa', code: mfaCode } })
  const output = join(aws.homeDir, 'out.json')
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = user
  await writeFile(output, JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey }))
  await aws.writeCredentials(`[default]\n${keyLines(user)}`)
  await aws.writeConfig(
    `[profile role]\nrole_arn = ${role.arn}\nsource_profile = default\nmfa_serial = arn:mfa\n` +
      `[profile program]\ncredential_process = cat ${output}\n`,
  )
  const { sessions, profiles } = aws.credentials
  for (const profile of ['default', 'role', 'program']) {
    seen.push(await sessions.sessionFor(profile, signal, { askMfaCode: () => Promise.resolve(mfaCode) }))
    seen.push(sessions.stateOf(profile))
  }
  seen.push(await profiles.list(), await loadAwsConfig(resolveConfigPaths({}, aws.homeDir)), aws.credentials)
  seen.push(await permissionReport(await sessions.sessionFor('default', signal)))
  expectNothingSeen()
})

test('no secret can be seen on any path that fails', async () => {
  await aws[Symbol.asyncDispose]()
  await start(300)
  const role = aws.account.addRole('reader', { trusts: [], mfa: { serial: 'arn:mfa', code: '000000' } })
  const { sessions } = aws.credentials
  const fail = async (profile: string): Promise<void> => {
    const error: unknown = await sessions
      .sessionFor(profile, signal, { askMfaCode: () => Promise.resolve(mfaCode) })
      .catch((failure: unknown) => failure)
    expect(error).toBeInstanceOf(Error)
    seen.push(error, sessions.stateOf(profile))
  }
  const roleLines = `role_arn = ${role.arn}\nsource_profile = default\n`
  await aws.writeCredentials(`[default]\n${keyLines(user)}`)
  await aws.writeConfig(
    `[profile denied]\n${roleLines}[profile code]\n${roleLines}mfa_serial = arn:mfa\n` +
      `[profile program]\ncredential_process = sh -c 'echo ${user.secretAccessKey} >&2; echo ${user.secretAccessKey}; exit 1'\n` +
      `[profile half]\naws_secret_access_key = ${user.secretAccessKey}\n` +
      `aws_session_token ${user.secretAccessKey}\n` +
      `[profile odd]\nrole_arn = ${user.secretAccessKey}\nsource_profile = default\n`,
  )
  for (const profile of ['denied', 'code', 'program', 'half', 'odd']) await fail(profile)
  seen.push(await aws.credentials.profiles.list())
  for (const how of [
    { kind: 'throttle' },
    { kind: 'fail', status: 500 },
    { kind: 'hang' },
    { kind: 'cut' },
  ] as const) {
    aws.sts.misbehave(how)
    // A failure is not repeated at once for the same profile, so each gets its own.
    await aws.writeConfig(`[profile ${how.kind}]\n${roleLines}`)
    await fail(how.kind)
  }
  aws.sts.misbehave(undefined)
  aws.account.revoke(user)
  await aws.writeConfig(`[profile revoked]\n${roleLines}`)
  await fail('revoked')
  seen.push(
    await permissionReport(await sessions.sessionFor('default', signal)).catch((error: unknown) => error),
  )
  expectNothingSeen()
})

test('a tunnel identity holds its own key, and nothing of the session but what AWS’s client shows', async () => {
  await aws.writeCredentials(`[default]\n${keyLines(user)}`)
  const role = aws.account.addRole('reader', { trusts: ['*'] })
  await aws.writeConfig(`[profile role]\nrole_arn = ${role.arn}\nsource_profile = default\n`)
  using kept = keepIdentity({
    sessions: aws.credentials.sessions,
    profile: 'role',
    fileSystemId: 'fs-0123456789abcdef0',
    region: 'eu-central-1',
    commonName: 'bridge',
    clientInfo: { source: 'mountbar', version: '3.3.1' },
    clock: systemClock,
  })
  const identity = JSON.stringify(await kept.issue(signal))
  const certificate = Buffer.from(
    /BEGIN CERTIFICATE-----(.*?)-----END/.exec(identity)![1]!.replaceAll('\\n', ''),
    'base64',
  )
  for (const { secretAccessKey } of aws.account.keys.values()) {
    expect(identity).not.toContain(secretAccessKey)
    expect(certificate.includes(secretAccessKey)).toBe(false)
  }
  expectNothingSeen()
})

async function permissionReport(session: Session): Promise<unknown> {
  const { sts, settings } = aws.credentials
  const here = { ...settings, endpointOf: () => aws.sts.url }
  return checkPermissions(
    { session, region: 'eu-central-1', fileSystemId: 'fs-1', object: { bucket: 'b', key: 'k' } },
    { sts, settings: here, clock: systemClock },
    signal,
  )
}

/** All that was seen, in every way that it could be written down. */
function expectNothingSeen(): void {
  const text = seen
    .flatMap((one) => [
      String(one),
      inspect(one, { depth: 12, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }),
      JSON.stringify(one),
      JSON.stringify(structuredCopy(one)),
    ])
    .join('\n')
  // There was something to look through.
  expect(text).toContain('session obtained')
  const keys = [...aws.account.keys.values(), user]
  const secrets = keys.flatMap(({ secretAccessKey, session }) => [secretAccessKey, session?.token ?? mfaCode])
  for (const secret of secrets) {
    for (const spelling of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').slice(0, -3),
    ]) {
      expect(text.includes(spelling)).toBe(false)
    }
  }
}

/** What a process border would let through. */
function structuredCopy(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    return undefined
  }
}
