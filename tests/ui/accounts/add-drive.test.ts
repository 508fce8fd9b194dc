import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { AwsAccount } from '../../harness/aws/account.ts'
import { deployedName, deployStack, type DeployedStack } from '../../harness/aws/deployed-stack.ts'
import { keyLines } from '../../harness/aws/local-aws.ts'
import { startChromium, type RunningApp } from '../../harness/electron/start-app.ts'
import { needs } from '../../harness/needs.ts'
import { makeAppHome, type AppHome } from './app-home.ts'
import { button, goToSettings, row } from './views.ts'

needs('chromium')('adding a drive on S3 Files', () => {
  let browser: Browser
  let home: AppHome
  let stack: DeployedStack
  let app: RunningApp
  let page: Page
  beforeAll(async () => {
    browser = await startChromium()
    const account = new AwsAccount()
    stack = await deployStack({
      wayIn: 'nlb',
      account,
      parameters: { AllowedCidr: '203.0.113.7/32' },
      loadBalancerHost: 'nfs.example.com',
    })
  })
  afterAll(async () => {
    await stack[Symbol.asyncDispose]()
    await browser.close()
  })
  beforeEach(async () => {
    home = await makeAppHome()
    const { account, control, s3 } = stack.rig
    await home.writeAws('credentials', `[studio]\n${keyLines(account.addUser('studio'))}`)
    await home.writeAws('config', '[profile studio]\nregion = eu-central-1\n')
    app = await home.start(browser, {
      AWS_ENDPOINT_URL_S3FILES: control.service.url,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_CLOUDFORMATION: stack.cloudService.url,
    })
    page = await app.page()
    await button(page, 'Connect an S3 Files file system…').click()
    await page.getByRole('button', { name: /^S3 Files file system/ }).click()
  })
  afterEach(async () => {
    await app[Symbol.asyncDispose]()
    await home[Symbol.asyncDispose]()
  })

  test('chooses from what AWS lists: file system, way in and access point', async () => {
    await page.getByLabel('AWS profile').fill('studio')
    // It brings its region along.
    await page.getByRole('group', { name: 'File systems' }).getByRole('radio').first().click()
    expect(await page.getByLabel('Region').inputValue()).toBe('eu-central-1')
    const ways = page.getByRole('group', { name: 'How to reach it' })
    await ways.getByRole('radio', { name: `Load balancer of ${deployedName}` }).click()
    await page.getByText('Only a part of it').click()
    const accessPoints = page.getByRole('group', { name: 'Access point' })
    await accessPoints.getByRole('radio').nth(1).click()
    await page.getByLabel('Name', { exact: true }).fill('Photo archive')
    await page.getByRole('switch', { name: 'Mount now' }).click()
    await button(page, 'Add drive').click()
    await row(page, 'Photo archive').getByText('Not mounted').waitFor()
    // From the list it is known which bucket that is.
    await row(page, 'Photo archive').getByText('mountbar-photos-bucket-').waitFor()

    const { control } = stack.rig
    const [{ fileSystemId } = { fileSystemId: '' }] = [...control.state.fileSystems.values()]
    const [{ accessPointId } = { accessPointId: '' }] = control.state.accessPointsOf(fileSystemId)
    expect((await home.readSettings()).drives).toMatchObject([
      {
        kind: 's3files',
        name: 'Photo archive',
        fileSystem: {
          profile: 'studio',
          region: 'eu-central-1',
          fileSystemId,
          accessPointId,
          remotePath: '/',
          server: { host: 'nfs.example.com', port: 2049 },
        },
      },
    ])
  })

  test('types all of it, where nothing can be listed', async () => {
    await page.getByLabel('AWS profile').fill('nobody')
    await page.getByLabel('Region').fill('eu-west-1')
    await page.getByText('No such AWS profile').waitFor()
    await button(page, 'Add drive').click()
    await page.getByText('Choose one, or type its id: fs- and digits.').waitFor()
    await page.getByLabel('AWS profile').fill('studio')
    await page.getByLabel('File system id').fill('fs-0fedcba9876543210')
    await page.getByLabel('Host').fill('192.0.2.7')
    await page.getByLabel('Port').fill('20490')
    await page.getByText('Only a part of it').click()
    await page.getByLabel('Folder in it').fill('/2026')
    await button(page, 'Add drive').click()
    // What it is called where nobody has said. It is mounted at once, for which there is no engine here.
    await row(page, 'fs-0fedcba9876543210').getByText('Could not be mounted').waitFor()
    expect((await home.readSettings()).drives).toMatchObject([
      {
        name: 'fs-0fedcba9876543210',
        fileSystem: {
          profile: 'studio',
          region: 'eu-west-1',
          remotePath: '/2026',
          server: { host: '192.0.2.7', port: 20_490 },
        },
      },
    ])
    await goToSettings(page, 'Drives')
    await page.getByText('fs-0fedcba9876543210').first().waitFor()
  })

  test('from a stack there is nothing to choose but the stack', async () => {
    await button(page, '‹ Back').click()
    await page.getByRole('button', { name: /^From a stack/ }).click()
    await page.getByLabel('AWS profile').fill('studio')
    await page.getByRole('radio', { name: new RegExp(deployedName) }).click()
    await page.getByLabel('Name', { exact: true }).fill('Stack')
    await page.getByRole('switch', { name: 'Mount now' }).click()
    await button(page, 'Add drive').click()
    await row(page, 'Stack').getByText('Not mounted').waitFor()
    expect((await home.readSettings()).drives).toMatchObject([
      { name: 'Stack', fileSystem: { server: { host: 'nfs.example.com', port: 2049 }, profile: 'studio' } },
    ])
  })
})
