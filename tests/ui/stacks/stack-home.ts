import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Browser, Page } from 'playwright-core'

import { keyLines } from '../../harness/aws/local-aws.ts'
import { startStackRig, type StackRig } from '../../harness/aws/stack-rig.ts'
import { startSts } from '../../harness/aws/sts.ts'
import type { RunningApp } from '../../harness/electron/start-app.ts'

import { makeAppHome, type AppHome } from '../accounts/app-home.ts'
import { button } from '../accounts/views.ts'

/** The built app in a home whose AWS is on this machine. It may be started again and again. */
export interface StackHome extends AsyncDisposable {
  readonly rig: StackRig
  readonly home: AppHome
  start(): Promise<{ readonly app: RunningApp; readonly page: Page }>
}

export const publicAddress = '198.51.100.23'

export async function makeStackHome(browser: Browser): Promise<StackHome> {
  await using making = new AsyncDisposableStack()
  const rig = making.use(await startStackRig({ turnsPerLook: 40 }))
  const { account } = rig.aws
  const sts = making.use(await startSts({ account, nowMs: () => Date.now() }))
  const checkIp = createServer((_request, response) => void response.end(`${publicAddress}\n`))
  await new Promise<void>((resolve) => checkIp.listen(0, '127.0.0.1', resolve))
  making.defer(() => void checkIp.close())
  const home = making.use(await makeAppHome())
  await home.writeAws('config', '[default]\nregion = eu-central-1\n')
  await home.writeAws('credentials', `[default]\n${keyLines(account.addUser('deployer'))}`)
  const env = {
    AWS_ENDPOINT_URL_STS: sts.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: rig.cloudFormation.url,
    AWS_ENDPOINT_URL_S3FILES: rig.aws.control.service.url,
    AWS_ENDPOINT_URL_S3: rig.aws.s3.url,
    MOUNTBAR_PUBLIC_ADDRESS_URL: `http://127.0.0.1:${(checkIp.address() as AddressInfo).port}/`,
  }
  const made = making.move()
  return {
    rig,
    home,
    start: async () => {
      const app = await home.start(browser, env)
      return { app, page: await app.page() }
    },
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  }
}

/** From the welcome to a plan under way. */
export async function planIn(page: Page, name: string): Promise<void> {
  await button(page, 'Connect an S3 Files file system…').click()
  await page.getByRole('button', { name: /^New S3 Files stack/ }).click()
  await typeStack(page, name)
}

/** From the form to a plan. */
export async function typeStack(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Region' }).fill('eu-central-1')
  await page.getByLabel('Name of the stack').fill(name)
  await button(page, 'Continue').click()
  await button(page, 'Make a plan').click()
}
