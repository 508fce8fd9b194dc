import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { exampleAssignment, startIdentityCenter } from '../tests/harness/aws/start-identity-center.ts'
import { makeTempDir } from '../tests/harness/temp-dir.ts'

/** `npm run try:sign-in`: an IAM Identity Center on this machine, and a home whose profile uses it, until Ctrl-C. */
async function main(): Promise<void> {
  await using home = await makeTempDir('try-sign-in')
  await using center = await startIdentityCenter()
  await mkdir(join(home.dir, '.aws'))
  await writeFile(
    join(home.dir, '.aws/config'),
    [
      '[default]',
      'sso_session = local',
      `sso_account_id = ${exampleAssignment.accountId}`,
      `sso_role_name = ${exampleAssignment.roleName}`,
      '[sso-session local]',
      `sso_start_url = ${center.startUrl}`,
      `sso_region = ${center.region}`,
      '',
    ].join('\n'),
  )
  const variables = {
    HOME: home.dir,
    MOUNTBAR_HOME: join(home.dir, 'mountbar'),
    AWS_ENDPOINT_URL_SSO: center.portal.url,
    AWS_ENDPOINT_URL_SSO_OIDC: center.oidc.url,
  }
  console.log('An IAM Identity Center of your own runs here. In another terminal, in this folder:\n')
  console.log(
    `  export ${Object.entries(variables)
      .map(([name, value]) => `${name}="${value}"`)
      .join(' ')}`,
  )
  for (const command of ['accounts', 'login', 'login --device', 'logout'])
    console.log(`  npm run mountbar -- ${command}`)
  console.log('\nCtrl-C ends it and removes what it has made.')
  const patience = setInterval(() => undefined, 3_600_000)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  clearInterval(patience)
}

await main()
