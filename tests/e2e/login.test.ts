import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'

import { tokenFileName } from '../../src-main/services/credentials/sso/cache-names.ts'
import { plainBrowser } from '../harness/aws/sign-in-rig.ts'
import { startIdentityCenter, type LocalIdentityCenter } from '../harness/aws/start-identity-center.ts'
import { makeCommandHome, type CommandHome, type Finished } from '../harness/command-home.ts'
import { waitFor } from '../harness/wait-for.ts'

const accountsSchema = z.object({
  accounts: z.array(z.object({ profile: z.string(), state: z.string(), kind: z.string().optional() })),
})

let center: LocalIdentityCenter
let home: CommandHome
/** All that the commands of a test have said. */
let said: string

beforeEach(async () => {
  center = await startIdentityCenter({ times: { intervalSeconds: 0.1 } })
  home = await makeCommandHome()
  said = ''
  await mkdir(join(home.dir, '.aws'))
  await writeFile(join(home.dir, '.aws/config'), configOf(center))
  await mkdir(join(home.dir, 'bin'))
  for (const opener of ['xdg-open', 'open']) {
    const path = join(home.dir, 'bin', opener)
    await writeFile(path, `#!/bin/sh\nenv > "$HOME/opener.env"\nprintf '%s\\n' "$@" > "$HOME/opened"\n`)
    await chmod(path, 0o755)
  }
  vi.stubEnv('HOME', home.dir)
  vi.stubEnv('PATH', `${join(home.dir, 'bin')}:${process.env['PATH'] ?? ''}`)
  vi.stubEnv('DISPLAY', ':0')
  vi.stubEnv('SSH_CONNECTION', '')
  vi.stubEnv('AWS_PROFILE', '')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'canary-of-the-environment')
  vi.stubEnv('AWS_ENDPOINT_URL_SSO', center.portal.url)
  vi.stubEnv('AWS_ENDPOINT_URL_SSO_OIDC', center.oidc.url)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  const logDir = join(home.dir, 'app/logs')
  for (const name of await readdir(logDir).catch(() => [])) said += await readFile(join(logDir, name), 'utf8')
  expect(center.state.secrets.filter((secret) => said.includes(secret))).toEqual([])
  expect(await home.cleanUp()).toEqual([])
  await center[Symbol.asyncDispose]()
})

function configOf({ startUrl, region }: LocalIdentityCenter): string {
  const profile = (name: string) =>
    `[profile ${name}]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = FilesUser\n`
  return [
    profile('work'),
    profile('play'),
    `[sso-session corp]\nsso_start_url = ${startUrl}\nsso_region = ${region}\n`,
    '[profile keys]\naws_access_key_id = AKIAEXAMPLE000000001\naws_secret_access_key = canary\n',
    '[profile broken]\nsso_session = nowhere\n',
  ].join('\n')
}

async function run(...args: readonly string[]): Promise<Finished> {
  return heard(await home.run(...args))
}

function heard(finished: Finished): Finished {
  said += finished.stdout + finished.stderr
  return finished
}

const states = async (): Promise<Readonly<Record<string, string>>> => {
  const { stdout } = await run('accounts', '--json')
  const { accounts } = accountsSchema.parse(JSON.parse(stdout))
  return Object.fromEntries(accounts.map(({ profile, state }) => [profile, state]))
}

/** The address that the opener was started with. */
const opened = (): Promise<string> =>
  waitFor(
    async () => (await readFile(join(home.dir, 'opened'), 'utf8').catch(() => '')).trim() || undefined,
    {
      what: 'the browser to be opened',
    },
  )

async function signIn(...args: readonly string[]): Promise<Finished> {
  const command = home.start('login', ...args)
  await plainBrowser('allow')(await opened(), new AbortController().signal)
  return heard(await command.finished)
}

test('login, accounts and logout', async () => {
  expect(await states()).toEqual({ work: 'signed-out', play: 'signed-out', keys: 'valid', broken: 'failed' })
  const login = await signIn('work')
  expect(login).toMatchObject({ status: 0, stderr: '' })
  expect(login.stdout).toContain('Signed in. It serves the profiles play, work.')
  expect(await states()).toMatchObject({ work: 'valid', play: 'valid' })

  const { stdout: table } = await run('accounts')
  expect(table).toMatch(/^work +111122223333 +FilesUser +Identity Center +good +renews by itself$/m)
  expect(table).toMatch(/^keys +– +– +keys +good$/m)
  expect(table).toMatch(/^broken +– +– +– +broken$/m)

  expect((await run('logout', 'work')).stdout).toBe('Signed out, for the profiles play, work.\n')
  expect(await states()).toMatchObject({ work: 'signed-out', play: 'signed-out' })
  expect((await run('logout', 'work')).stdout).toBe('Nobody was signed in.\n')
  expect(center.portalCalls).toEqual(['Logout'])
})

test('doctor says what keeps a profile from AWS, and what it would be needed for is no problem of this machine', async () => {
  vi.stubEnv('AWS_PROFILE', 'work')
  const checksSchema = z.object({
    checks: z.array(
      z.object({ id: z.string(), passed: z.boolean(), severity: z.string(), fixes: z.array(z.string()) }),
    ),
  })
  const { stdout } = await run('doctor', '--json')
  const { checks } = checksSchema.parse(JSON.parse(stdout))
  const ofAws = checks.filter(({ id }) => id.startsWith('aws-'))
  expect(ofAws).toMatchObject([{ id: 'aws-profile', passed: false, severity: 'advice' }])
  expect(ofAws[0]?.fixes.join()).toContain('mountbar login')
  expect([...center.portalCalls, ...center.oidcCalls]).toEqual([])
})

test('the token is where the AWS CLI looks, and the only Identity Center needs no name', async () => {
  expect((await signIn()).status).toBe(0)
  const file = tokenFileName({ sessionName: 'corp', startUrl: '', region: '', scopes: [] })
  const token = JSON.parse(await readFile(join(home.dir, '.aws/sso/cache', file), 'utf8')) as {
    accessToken: string
  }
  expect(center.state.isGood(token.accessToken)).toBe(true)
})

test('the browser gets the address and nothing of AWS’s environment', async () => {
  await signIn('work')
  expect(await opened()).toMatch(new RegExp(`^${center.oidc.url}/authorize\\?`))
  const environment = await readFile(join(home.dir, 'opener.env'), 'utf8')
  expect(environment).toContain('DISPLAY=:0')
  expect(environment).not.toContain('AWS_')
})

test('login --device shows a code and waits for it to be approved anywhere', async () => {
  const command = home.start('login', 'work', '--device')
  const [, userCode = ''] = await waitFor(() => /enter the code {2}(\S+)/.exec(command.output()), {
    what: 'the code',
  })
  const body = new URLSearchParams({ user_code: userCode, decision: 'allow' })
  await fetch(`${center.oidc.url}/device/decision`, { method: 'POST', body })
  expect(heard(await command.finished)).toMatchObject({ status: 0, stderr: '' })
  expect(await states()).toMatchObject({ work: 'valid' })
})

test('over SSH, where a browser would open on another screen, login shows a code', async () => {
  vi.stubEnv('SSH_CONNECTION', '192.0.2.1 50000 192.0.2.2 22')
  const command = home.start('login', 'work')
  await waitFor(() => command.output().includes('enter the code'), { what: 'the code' })
  command.child.kill('SIGINT')
  expect(heard(await command.finished).status).toBe(130)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s gives a sign-in up', async (signal) => {
  const command = home.start('login', 'work')
  await opened()
  await waitFor(() => command.output().includes('Waiting'), { what: 'the browser to be waited for' })
  command.child.kill(signal)
  expect(heard(await command.finished).status).toBe(130)
  expect(await states()).toMatchObject({ work: 'signed-out' })
})

describe('what goes wrong is said, with an exit status', () => {
  test('a person who denies', async () => {
    const command = home.start('login', 'work')
    await plainBrowser('deny')(await opened(), new AbortController().signal)
    const { status, stderr } = heard(await command.finished)
    expect(status).toBe(1)
    expect(stderr).toContain('The sign-in was not approved')
  })

  test.each([
    { profile: 'nobody', status: 3, words: 'No such AWS profile' },
    { profile: 'keys', status: 2, words: 'Nothing to sign in to' },
    { profile: 'broken', status: 1, words: 'nowhere' },
  ])('login $profile: $words', async ({ profile, status, words }) => {
    const finished = await run('login', profile)
    expect(finished.status).toBe(status)
    expect(finished.stderr).toContain(words)
  })

  test('a wrong start URL', async () => {
    const config = configOf(center).replace(center.startUrl, 'https://d-1111111111.awsapps.com/start')
    await writeFile(join(home.dir, '.aws/config'), config)
    const { status, stderr } = await run('login', 'work')
    expect(status).toBe(1)
    expect(stderr).toContain('Invalid issuer url provided')
  })

  test('a machine without a network', async () => {
    await center.oidc[Symbol.asyncDispose]()
    const { status, stderr } = await run('login', 'work')
    expect(status).toBe(1)
    expect(stderr).toContain(new URL(center.oidc.url).host)
  })
})
