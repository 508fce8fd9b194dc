import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { execa } from 'execa'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { configureSso, signInAsAwsCli } from '../../harness/aws/as-aws-cli.ts'
import { startIdentityCenter, type LocalIdentityCenter } from '../../harness/aws/start-identity-center.ts'
import { type RunningApp } from '../../harness/electron/start-app.ts'
import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import { waitFor } from '../../harness/wait-for.ts'
import { button, goTo, row } from './views.ts'
import { endingProfiles, identityCenterEnv, makeAppHome, type AppHome } from './app-home.ts'
import { openedUrl } from './opened-url.ts'

const cliPath = join(import.meta.dirname, '../../../out/cli.js')

needs('chromium')('signing in, in the app', () => {
  const browser = useChromium()
  let center: LocalIdentityCenter
  let home: AppHome
  let app: RunningApp
  let page: Page
  beforeEach(async () => {
    center = await startIdentityCenter({ times: { intervalSeconds: 0.1 } })
    home = await makeAppHome()
  })
  afterEach(async () => {
    await app[Symbol.asyncDispose]()
    const logs = await home.readLogs()
    expect(center.state.secrets.filter((secret) => logs.includes(secret))).toEqual([])
    await home[Symbol.asyncDispose]()
    await center[Symbol.asyncDispose]()
  })

  /** At Accounts, with a profile whose sign-ins renew themselves. */
  async function start(): Promise<void> {
    await configureSso(home.userDir, 'work', center)
    await open()
  }

  async function open(): Promise<void> {
    app = await home.start(browser(), identityCenterEnv(center))
    page = await app.page()
    await goTo(page, 'Accounts')
    await row(page, 'work').getByText('Not signed in').waitFor()
  }

  /** What a person does with a page of Identity Center, in a browser of their own. */
  async function decide(url: string, decision: 'Allow' | 'Deny', comesTo: string): Promise<void> {
    await using context = await browser().newContext()
    const shown = await context.newPage()
    await shown.goto(url)
    await shown.getByRole('button', { name: decision }).click()
    // Not before it has come back to the app: with its page the request would end.
    await shown.getByText(comesTo).first().waitFor()
  }

  test('by the browser: it is opened, a person approves, and the account is signed in', async () => {
    await start()
    await button(page, 'Sign in to work').click()
    await row(page, 'work').getByText('Approve the sign-in in your browser').waitFor()
    const url = await openedUrl(app)
    expect(url).toMatch(new RegExp(`^${center.oidc.url}/authorize\\?`))
    await decide(url, 'Allow', 'Mountbar does the rest')
    await row(page, 'work').getByText('Signed in', { exact: true }).waitFor()

    await button(page, 'Sign out of work').click()
    await row(page, 'work').getByText('Not signed in').waitFor()
    await expect.poll(() => center.portalCalls).toEqual(['Logout'])
    expect(app.deeds).toHaveLength(1)
  })

  test.each([
    {
      profile: 'of the old form, which ends',
      button: 'Sign in to work',
      text: /^Signed in · (1 h|\d+ min) /,
    },
    { profile: 'of today', button: 'Sign in with a code instead, for work', text: /^Signed in$/ },
  ])('by a code that is typed on any device, with a profile $profile', async ({ button: name, text }) => {
    if (name === 'Sign in to work') {
      await home.writeAws('config', endingProfiles(center, 'work'))
      await open()
    } else await start()
    await button(page, name).click()
    const code = page.getByRole('group', { name: 'Code for signing in' })
    await code.waitFor()
    const [device] = [...center.state.devices.values()]
    expect(await code.innerText()).toContain(device?.userCode)
    center.decideDevice('approved')
    await row(page, 'work').getByText(text).waitFor()
    // The page is opened nowhere: the code may be typed on another machine.
    expect(app.deeds).toEqual([])
  })

  test('can be given up, and leaves nothing behind', async () => {
    await start()
    await button(page, 'Sign in to work').click()
    const url = await openedUrl(app)
    await button(page, 'Cancel signing in to work').click()
    await row(page, 'work').getByText('Not signed in').waitFor()
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    expect(await page.locator('body').innerText()).not.toContain('cancel')
    // For who approves all the same there is nobody to come back to.
    await decide(url, 'Allow', 'ERR_CONNECTION_REFUSED')
    await button(page, 'Sign in to work').waitFor()
  })

  test('that was denied says so, and can be tried again', async () => {
    await start()
    await button(page, 'Sign in to work').click()
    await decide(await openedUrl(app), 'Deny', 'AWS did not let Mountbar in')
    await row(page, 'work').getByText('The sign-in was not approved').waitFor()
    await button(page, 'Sign in to work').click()
    await decide(await openedUrl(app, 2), 'Allow', 'Mountbar does the rest')
    await row(page, 'work').getByText('Signed in', { exact: true }).waitFor()
    await expect.poll(() => page.getByText('The sign-in was not approved').count()).toBe(0)
  })

  test('by the AWS CLI is seen while the app runs, and so is its end', async () => {
    await start()
    await signInAsAwsCli(home.userDir, center)
    await row(page, 'work').getByText('Signed in', { exact: true }).waitFor()
    await button(page, 'Sign out of work').click()
    await row(page, 'work').getByText('Not signed in').waitFor()
    await expect.poll(() => readdir(join(home.userDir, '.aws/sso/cache'))).toEqual([])
  })

  test('by mountbar login and out by mountbar logout is seen while the app runs', async () => {
    await start()
    const env = { ...home.env(identityCenterEnv(center)), HOME: home.userDir }
    const login = execa(process.execPath, [cliPath, 'login', 'work', '--device'], { env, timeout: 30_000 })
    await waitFor(() => center.state.devices.size > 0, { what: 'the code to be asked for' })
    center.decideDevice('approved')
    await login
    await row(page, 'work').getByText('Signed in', { exact: true }).waitFor()
    await execa(process.execPath, [cliPath, 'logout', 'work'], { env, timeout: 30_000 })
    await row(page, 'work').getByText('Not signed in').waitFor()
    expect(app.deeds).toEqual([])
  })
})
