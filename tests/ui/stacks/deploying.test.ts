import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { type RunningApp } from '../../harness/electron/start-app.ts'
import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import { button, goTo, row } from '../accounts/views.ts'
import { snapshotOf } from '../accounts/app-home.ts'
import { makeStackHome, planIn, publicAddress, type StackHome } from './stack-home.ts'

needs('chromium')('a stack that is made from the app', () => {
  const browser = useChromium()
  let stack: StackHome
  let app: RunningApp
  let page: Page
  beforeEach(async () => {
    stack = await makeStackHome(browser())
    ;({ app, page } = await stack.start())
  })
  afterEach(async () => {
    await app[Symbol.asyncDispose]()
    await stack[Symbol.asyncDispose]()
  })

  test('is planned, deployed with its progress, and offered to be mounted', async () => {
    await planIn(page, 'mountbar-photos')
    await page.getByText(/^About \$\d+\.\d\d a month$/).waitFor()
    await page.getByRole('list', { name: 'What to know before' }).getByText(publicAddress).waitFor()
    await page
      .getByRole('list', { name: 'Changes' })
      .getByText('The load balancer', { exact: true })
      .waitFor()
    expect(stack.rig.cloud.find('mountbar-photos').status).toBe('REVIEW_IN_PROGRESS')

    stack.rig.cloud.hold('MountTarget')
    await button(page, 'Deploy').click()
    await page.getByText(/^Making .*the mount target/).waitFor()
    const bar = page.getByRole('progressbar', { name: 'Deploying mountbar-photos' })
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0)
    stack.rig.cloud.release('MountTarget')

    await button(page, 'Mount it now').waitFor()
    const { stacks } = await snapshotOf(page)
    expect(stacks).toMatchObject([
      { state: { kind: 'deployed', choice: { fileSystem: { bucket: expect.any(String) as string } } } },
    ])
    await button(page, 'Put away').click()
    await expect.poll(async () => (await snapshotOf(page)).stacks).toEqual([])
  })

  test('that is not wanted leaves nothing in AWS', async () => {
    await planIn(page, 'mountbar-photos')
    await button(page, 'Deploy').waitFor()
    await button(page, 'Back').click()
    await button(page, 'Make a plan').waitFor()
    await expect.poll(() => stack.rig.cloud.stacks.map(({ status }) => status)).toEqual(['DELETE_COMPLETE'])
  })

  test('that only waits for a yes leaves nothing in AWS when the app quits', async () => {
    await planIn(page, 'mountbar-photos')
    await button(page, 'Deploy').waitFor()
    await app.quit()
    await app.process.exited
    expect(stack.rig.cloud.stacks.map(({ status }) => status)).toEqual(['DELETE_COMPLETE'])
  })

  test('can be taken back while it is made', async () => {
    stack.rig.cloud.hold('MountTarget')
    await planIn(page, 'mountbar-photos')
    await button(page, 'Deploy').click()
    await page.getByText(/^Making .*the mount target/).waitFor()
    await button(page, 'Cancel…').click()
    await button(page, 'Stop').click()
    await page.getByText('AWS takes back what was made').waitFor()
    stack.rig.cloud.release('MountTarget')
    await page.getByText('Deploying was cancelled').waitFor()
    expect(stack.rig.cloud.stacks.map(({ status }) => status)).toEqual(['DELETE_COMPLETE'])
  })

  test('that AWS refuses says why, and can be made all the same when that is mended', async () => {
    stack.rig.cloud.failNext('Vpc', 'The maximum number of VPCs has been reached.')
    await planIn(page, 'mountbar-photos')
    await button(page, 'Deploy').click()
    await page.getByText('A limit of your AWS account is reached').waitFor()
    await page.getByText(/The maximum number of VPCs has been reached/).waitFor()

    await button(page, 'Change and try again').click()
    await button(page, 'Make a plan').click()
    await button(page, 'Deploy').click()
    await button(page, 'Mount it now').waitFor()
  })

  test('goes on being shown by an app that was killed meanwhile, to its end', async () => {
    stack.rig.cloud.hold('MountTarget')
    await planIn(page, 'mountbar-photos')
    await button(page, 'Deploy').click()
    await page.getByText(/^Making .*the mount target/).waitFor()
    await app[Symbol.asyncDispose]()

    ;({ app, page } = await stack.start())
    await goTo(page, 'Drives')
    await row(page, 'mountbar-photos')
      .getByText(/^Making .*the mount target/)
      .waitFor()
    stack.rig.cloud.release('MountTarget')
    await button(page, 'Mount… mountbar-photos').click()
    await button(page, 'Mount it now').waitFor()
  })
})
