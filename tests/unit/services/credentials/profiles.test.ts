import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { loadAwsConfig } from '../../../../src-main/services/credentials/profiles/aws-config.ts'
import {
  defaultProfileName,
  resolveConfigPaths,
} from '../../../../src-main/services/credentials/profiles/config-paths.ts'
import {
  describeProfile,
  type Profile,
} from '../../../../src-main/services/credentials/profiles/preflight.ts'
import { createProfiles } from '../../../../src-main/services/credentials/profiles/profiles.ts'
import { scanLines } from '../../../../src-main/services/credentials/profiles/scan-lines.ts'
import type { SignInFacts } from '../../../../src-main/services/credentials/ports.ts'
import { makeTempDir, type TempDir } from '../../../harness/temp-dir.ts'

let home: TempDir
beforeEach(async () => {
  home = await makeTempDir('profiles')
  await mkdir(join(home.dir, '.aws'))
})
afterEach(() => home[Symbol.asyncDispose]())

const pathOf = (name: string): string => join(home.dir, '.aws', name)
const keys = 'aws_access_key_id = AKIACANARY\naws_secret_access_key = canary-secret\n'
const role = 'role_arn = arn:aws:iam::111122223333:role/path/to/reader\n'
const session =
  '[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-central-1\n'

async function describeIn(
  config: string,
  name: string,
  signIn?: SignInFacts,
  credentials = '',
): Promise<Profile> {
  await writeFile(pathOf('config'), config)
  await writeFile(pathOf('credentials'), credentials)
  return describeProfile(name, await loadAwsConfig(resolveConfigPaths({}, home.dir)), signIn)
}

describe('what a profile is', () => {
  test.each<[string, string, string, object]>([
    [
      'static keys',
      `[profile a]\n${keys}region = eu-west-1`,
      'a',
      { kind: 'static', region: 'eu-west-1', chain: ['a'], need: { when: 'never' } },
    ],
    ['the default', `[default]\n${keys}`, 'default', { kind: 'static' }],
    [
      'temporary keys',
      `[profile a]\n${keys}aws_session_token = canary-token`,
      'a',
      { kind: 'temporary', need: { when: 'unknown', why: 'temporary-keys' } },
    ],
    [
      'keys with their account',
      `[profile a]\n${keys}aws_account_id = 444455556666`,
      'a',
      { accountId: '444455556666' },
    ],
    [
      'a role',
      `[profile a]\n${role}source_profile = b\n[profile b]\n${keys}region = eu-north-1`,
      'a',
      {
        kind: 'assume-role',
        accountId: '111122223333',
        roleName: 'reader',
        region: 'eu-north-1',
        chain: ['a', 'b'],
        need: { when: 'never' },
      },
    ],
    [
      'a role on a role on keys',
      `[profile a]\n${role}source_profile = b\n[profile b]\n${role}source_profile = c\n[profile c]\n${keys}`,
      'a',
      { chain: ['a', 'b', 'c'] },
    ],
    [
      'a role with its own keys',
      `[profile a]\n${role}source_profile = a\n${keys}`,
      'a',
      { kind: 'assume-role', chain: ['a'] },
    ],
    [
      'a role that wants a code',
      `[profile a]\n${role}source_profile = b\nmfa_serial = arn:mfa\n[profile b]\n${keys}`,
      'a',
      { need: { when: 'now', why: 'mfa' } },
    ],
    [
      'a role from the environment',
      `[profile a]\n${role}credential_source = Environment`,
      'a',
      { kind: 'assume-role' },
    ],
    [
      'a role by a token',
      `[profile a]\n${role}web_identity_token_file = /t`,
      'a',
      { kind: 'web-identity', roleName: 'reader', need: { when: 'never' } },
    ],
    [
      'a program',
      '[profile a]\ncredential_process = /bin/x',
      'a',
      { kind: 'process', need: { when: 'unknown', why: 'other-program' } },
    ],
    ['aws login', '[profile a]\nlogin_session = arn:x', 'a', { kind: 'login' }],
    [
      'SSO',
      `[profile a]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n${session}`,
      'a',
      { kind: 'sso-session', accountId: '111122223333', roleName: 'Dev' },
    ],
    [
      'SSO of the old form',
      '[profile a]\nsso_start_url = https://x.example/start\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = Dev',
      'a',
      { kind: 'sso-legacy' },
    ],
    ['a quoted name', `[profile "a@b"]\n${keys}`, 'a@b', { kind: 'static' }],
  ])('%s', async (_, config, name, expected) => {
    expect(await describeIn(config, name)).toMatchObject({ name, ...expected })
  })

  test('both files make one profile, and the one with the keys wins', async () => {
    const profile = await describeIn(
      `[profile a]\nregion = eu-west-1\n${role}source_profile = b`,
      'a',
      undefined,
      `[b]\n${keys}`,
    )
    expect(profile).toMatchObject({ kind: 'assume-role', chain: ['a', 'b'], region: 'eu-west-1' })
  })
})

describe('when a sign-in needs a person', () => {
  const config = `[profile a]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n${session}`
  test.each<[string, SignInFacts, object]>([
    ['nobody has signed in', { kind: 'missing' }, { when: 'now', why: 'sign-in-missing' }],
    ['it has ended', { kind: 'expired' }, { when: 'now', why: 'sign-in-expired' }],
    ['it renews itself', { kind: 'valid', expiresAtMs: 5, renewable: true }, { when: 'never' }],
    [
      'it does not',
      { kind: 'valid', expiresAtMs: 5, renewable: false },
      { when: 'at', why: 'sign-in-ends', atMs: 5 },
    ],
  ])('%s', async (_, facts, need) => {
    expect(await describeIn(config, 'a', facts)).toMatchObject({ need })
  })
})

describe('what is wrong with a profile, and where', () => {
  const line = (n: number, file = 'config'): object => ({ line: n, path: pathOf(file) })
  test.each<[string, string, string, object | (() => object)]>([
    ['it does not exist', '', 'profile-unknown', {}],
    ['it is empty', '\n[profile a]\n', 'profile-incomplete', () => line(2)],
    [
      'only half a key',
      '[profile a]\naws_access_key_id = AKIACANARY',
      'profile-incomplete',
      () => ({ key: 'aws_secret_access_key', ...line(2) }),
    ],
    [
      'only the other half',
      '[profile a]\naws_secret_access_key = canary-secret',
      'profile-incomplete',
      () => ({ key: 'aws_access_key_id', ...line(2) }),
    ],
    [
      'a role and nothing to take it with',
      `[profile a]\n${role}`,
      'profile-incomplete',
      () => ({ key: 'source_profile', ...line(2) }),
    ],
    [
      'a token for no role',
      '[profile a]\nweb_identity_token_file = /t',
      'profile-incomplete',
      { key: 'role_arn' },
    ],
    [
      'a source for no role',
      `[profile a]\nsource_profile = b\n[profile b]\n${keys}`,
      'profile-incomplete',
      { key: 'role_arn' },
    ],
    [
      'two ways to take a role',
      `[profile a]\n${role}source_profile = b\ncredential_source = Environment`,
      'profile-invalid',
      () => ({ key: 'credential_source', ...line(4) }),
    ],
    [
      'an unknown place',
      `[profile a]\n${role}credential_source = Pocket`,
      'profile-invalid',
      { key: 'credential_source' },
    ],
    [
      'no ARN',
      '[profile a]\nsource_profile = b\nrole_arn = reader',
      'profile-invalid',
      () => ({ key: 'role_arn', ...line(3) }),
    ],
    [
      'no number',
      `[profile a]\n${role}source_profile = b\nduration_seconds = long`,
      'profile-invalid',
      () => ({ key: 'duration_seconds', ...line(4) }),
    ],
    [
      'too short a time',
      `[profile a]\n${role}source_profile = b\nduration_seconds = 60`,
      'profile-invalid',
      { key: 'duration_seconds' },
    ],
    [
      'a source that is not there',
      `[profile a]\n${role}source_profile = b`,
      'profile-source-missing',
      () => ({ profile: 'a', source: 'b', ...line(3) }),
    ],
    [
      'a source further down that is not there',
      `[profile a]\n${role}source_profile = b\n[profile b]\n${role}source_profile = c`,
      'profile-source-missing',
      { profile: 'b', source: 'c' },
    ],
    ['itself as its source', `[profile a]\n${role}source_profile = a`, 'profile-cycle', { chain: 'a → a' }],
    [
      'a circle',
      `[profile a]\n${role}source_profile = b\n[profile b]\n${role}source_profile = c\n[profile c]\n${role}source_profile = b`,
      'profile-cycle',
      { chain: 'a → b → c → b' },
    ],
    [
      'a session that is not there',
      '[profile a]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev',
      'profile-source-missing',
      { source: 'sso-session corp' },
    ],
    [
      'a session without a region',
      '[profile a]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n[sso-session corp]\nsso_start_url = https://x.example/start',
      'profile-incomplete',
      () => ({ key: 'sso_region', ...line(5) }),
    ],
    [
      'a session in another region than the profile',
      `[profile a]\nsso_session = corp\nsso_region = us-east-1\nsso_account_id = 111122223333\nsso_role_name = Dev\n${session}`,
      'profile-invalid',
      { key: 'sso_region' },
    ],
    [
      'no role at SSO',
      `[profile a]\nsso_session = corp\nsso_account_id = 111122223333\n${session}`,
      'profile-incomplete',
      { key: 'sso_role_name' },
    ],
    [
      'an account that is none',
      `[profile a]\nsso_session = corp\nsso_account_id = mine\nsso_role_name = Dev\n${session}`,
      'profile-invalid',
      { key: 'sso_account_id' },
    ],
    [
      'a start page that is none',
      '[profile a]\nsso_start_url = javascript:alert(1)\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = Dev',
      'profile-invalid',
      { key: 'sso_start_url' },
    ],
  ])('%s', async (_, config, code, args) => {
    const profile = await describeIn(config, 'a')
    expect(profile).toMatchObject({
      problem: { code, args: typeof args === 'function' ? (args as () => object)() : args },
    })
    expect(inspect(profile, { depth: 9 })).not.toMatch(/canary/i)
  })
})

describe('lines that AWS’s loader passes over in silence', () => {
  test.each([
    [
      'a heading without the word profile',
      'config',
      '[dev]\nx = 1',
      1,
      'headings in this file are [profile name], with the word profile',
    ],
    [
      'a heading with it where it does not belong',
      'credentials',
      '[profile dev]',
      1,
      'headings in this file are [name], without the word profile',
    ],
    [
      'a heading that is not closed',
      'config',
      '[profile dev\nx = 1',
      1,
      'its heading has no closing bracket',
    ],
    ['a heading without a name', 'config', '[profile]', 1, 'its heading lacks a name'],
    [
      'a name with a space',
      'config',
      '[profile my dev]',
      1,
      'its name has characters that AWS’s SDK does not read',
    ],
    ['a line that is nothing', 'config', '[default]\nhello', 2, 'it is neither a heading nor `key = value`'],
    ['a key before any heading', 'config', '\nregion = x', 2, 'it stands before the first heading'],
    [
      'a name that breaks the loader',
      'config',
      '[default]\n[profile __proto__]',
      2,
      'no heading may have that name',
    ],
    [
      'a byte order mark',
      'config',
      '\uFEFF[default]',
      1,
      'it begins with a byte order mark, which hides its first heading',
    ],
  ] as const)('%s', (_, kind, text, line, reason) => {
    expect(scanLines(text, kind).findings[0]).toEqual({ line, reason })
  })

  test('comments, groups, Windows line ends and sections of others are none of them', () => {
    const text =
      '# c\r\n; c\r\n[default] ; c\r\nregion = x # c\r\ns3 =\r\n  max_concurrent_requests = 5\r\n[services x]\r\n[plugins]\r\na = b\r\n'
    expect(scanLines(text, 'config').findings).toEqual([])
  })
})

describe('the profiles of a machine', () => {
  const signIns = { factsOf: () => Promise.resolve({ kind: 'missing' } as const) }
  const profilesOf = (env: Record<string, string> = {}) =>
    createProfiles({
      loadConfig: () => loadAwsConfig(resolveConfigPaths(env, home.dir)),
      signIns,
      defaultName: defaultProfileName(env),
    })

  test('are listed with their mistakes, default first, and without other sections', async () => {
    await writeFile(
      pathOf('config'),
      `[profile b]\n${session}[default]\n${keys}[dev]\n[services x]\na =\n  b = c\n`,
    )
    const { profiles, problems } = await profilesOf().list()
    expect(profiles).toMatchObject([
      { name: 'default' },
      { name: 'b', problem: { code: 'profile-incomplete' } },
    ])
    expect(problems).toMatchObject([{ code: 'aws-config-broken', args: { path: pathOf('config'), line: 8 } }])
  })

  test('are none where there are no files', async () => {
    expect(await profilesOf({ AWS_CONFIG_FILE: '~/none/config' }).list()).toEqual({
      profiles: [],
      problems: [],
    })
    await expect(profilesOf().find('a')).rejects.toMatchObject({
      code: 'profile-unknown',
      args: { profile: 'a' },
    })
  })

  test('are read anew each time, from where the variables say', async () => {
    const env = { AWS_CONFIG_FILE: join(home.dir, 'c'), AWS_SHARED_CREDENTIALS_FILE: '~/s', AWS_PROFILE: 'z' }
    const profiles = profilesOf(env)
    await writeFile(join(home.dir, 'c'), '[profile y]\nregion = x\n')
    await writeFile(join(home.dir, 's'), `[z]\n${keys}`)
    expect((await profiles.list()).profiles.map(({ name }) => name)).toEqual(['y', 'z'])
    expect(profiles.defaultName).toBe('z')
    await writeFile(join(home.dir, 's'), `[w]\n${keys}`)
    expect((await profiles.list()).profiles.map(({ name }) => name)).toEqual(['w', 'y'])
  })

  test('cannot be said not to exist when the file cannot be read', async () => {
    await mkdir(join(home.dir, 'folder'))
    const profiles = profilesOf({ AWS_CONFIG_FILE: join(home.dir, 'folder') })
    await expect(profiles.find('a')).rejects.toMatchObject({
      code: 'aws-config-unreadable',
      args: { path: join(home.dir, 'folder'), reason: 'it is a folder' },
    })
  })
})
