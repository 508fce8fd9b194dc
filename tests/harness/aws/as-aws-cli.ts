import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { tokenFileName } from '../../../src-main/services/credentials/sso/cache-names.ts'
import { ssoCacheDirOf } from '../../../src-main/services/credentials/sso/sso-cache.ts'
import { exampleAssignment, type LocalIdentityCenter } from './start-identity-center.ts'

const sessionName = 'corp'

/** As `aws configure sso` leaves it. */
export async function configureSso(
  homeDir: string,
  profile: string,
  { startUrl, region }: LocalIdentityCenter,
): Promise<void> {
  const { accountId, roleName } = exampleAssignment
  await mkdir(join(homeDir, '.aws'), { recursive: true })
  await writeFile(
    join(homeDir, '.aws', 'config'),
    `[profile ${profile}]\nsso_session = ${sessionName}\nsso_account_id = ${accountId}\nsso_role_name = ${roleName}\n` +
      `[sso-session ${sessionName}]\nsso_start_url = ${startUrl}\nsso_region = ${region}\n`,
  )
}

/** As `aws sso login` leaves it: the file is written in its place, with spaces. */
export async function signInAsAwsCli(homeDir: string, center: LocalIdentityCenter): Promise<void> {
  const { state, startUrl, region } = center
  const grantTypes = ['authorization_code', 'refresh_token']
  const client = state.newClient({ grantTypes, redirectUris: [], scopes: ['sso:account:access'] })
  const { accessToken, expiresIn, refreshToken } = state.newTokens(client.clientId)
  const token = {
    startUrl,
    region,
    accessToken,
    expiresAt: moment(state.now() + expiresIn * 1000),
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    registrationExpiresAt: moment(client.expiresAtMs),
    refreshToken,
  }
  const cacheDir = ssoCacheDirOf(homeDir)
  await mkdir(cacheDir, { recursive: true })
  const name = tokenFileName({ sessionName, startUrl, region, scopes: [] })
  await writeFile(join(cacheDir, name), JSON.stringify(token, undefined, 1))
}

function moment(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
