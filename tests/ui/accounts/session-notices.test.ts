import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startIdentityCenter, type LocalIdentityCenter } from '../../harness/aws/start-identity-center.ts'
import { type RunningApp } from '../../harness/electron/start-app.ts'
import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import { waitFor } from '../../harness/wait-for.ts'
import { button, goTo, goToSettings, row } from './views.ts'
import { playEngine, type PlayedEngine } from '../engine/played-engine.ts'
import {
  endingProfiles,
  fileSystemDrive,
  identityCenterEnv,
  makeAppHome,
  snapshotOf,
  type AppHome,
} from './app-home.ts'
import { createMovedClock, type MovedClock } from './moved-clock.ts'

const minuteMs = 60_000

needs('chromium')('a sign-in that ends', () => {
  const browser = useChromium()
  let home: AppHome
  let clock: MovedClock
  let center: LocalIdentityCenter
  let engine: PlayedEngine
  let app: RunningApp
  let page: Page
  let looks: number
  beforeEach(async () => {
    looks = 0
    home = await makeAppHome()
    clock = await createMovedClock(home.appDir)
    // And a little, which a slow machine may take without a minute becoming another.
    const times = { intervalSeconds: 0.1, tokenLifeMs: 20 * minuteMs + 20_000 }
    center = await startIdentityCenter({ now: () => clock.now(), times })
    // With it the drive is on its way for as long as there is a session, and a session is what it wants.
    engine = await playEngine(home.engineSocketPath)
  })
  afterEach(async () => {
    await app[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
    await center[Symbol.asyncDispose]()
    await home[Symbol.asyncDispose]()
  })

  /** With a drive for each profile, and nobody signed in. */
  async function start(...profiles: readonly string[]): Promise<void> {
    await home.writeAws('config', endingProfiles(center, ...profiles))
    await home.writeSettings({ drives: profiles.map((name) => fileSystemDrive(`Drive-${name}`, name)) })
    app = await home.start(browser(), { ...identityCenterEnv(center), ...clock.env })
    await app.clickTray()
    page = await app.page()
  }

  async function signIn(profile: string): Promise<void> {
    await goTo(page, 'Accounts')
    await button(page, `Sign in to ${profile}`).click()
    await approve()
    await row(page, profile)
      .getByText(/^Signed in/)
      .waitFor()
  }

  async function approve(): Promise<void> {
    await page.getByRole('group', { name: 'Code for signing in' }).first().waitFor()
    center.decideDevice('approved')
  }

  /** Moves the app's clock, and returns when it has looked at everything since. */
  async function pass(minutes: number): Promise<void> {
    await clock.advance(minutes * minuteMs)
    await looked()
  }

  /** What a look reads shows in the next snapshot: a drive that another program has put into the settings. */
  async function looked(): Promise<void> {
    looks += 1
    const name = `Look ${looks}`
    const { drives, ...rest } = await home.readSettings()
    const [first] = drives
    if (first === undefined) throw new Error('there is no drive')
    const { fileSystem: _, ...common } = { fileSystem: undefined, ...first }
    const drive = { ...common, id: `look-${looks}`, name, autoMount: false, kind: 'sandbox' as const }
    const added = { ...drive, port: 49_500 + looks, sourceDir: home.appDir }
    await home.writeSettings({ ...rest, drives: [...drives, added] })
    await waitFor(async () => (await snapshotOf(page)).drives.some((one) => one.name === name), {
      what: 'the app to look',
    })
  }

  const shown = (): readonly string[] =>
    app.deeds.flatMap((deed) => (deed.what === 'show-notification' ? [deed.notification.title] : []))

  test('shows one line with one button for the profile, which leads to signing in', async () => {
    await start('work')
    const trouble = page.getByRole('region', { name: 'What needs attention' })
    await trouble.getByText('work').first().waitFor()
    expect(await trouble.getByRole('button').allInnerTexts()).toEqual(['Sign in'])
    await trouble.getByRole('button', { name: 'Sign in' }).click()
    await approve()
    await row(page, 'work')
      .getByText(/^Signed in · (19|20) min left/)
      .waitFor()
    await expect.poll(() => trouble.count()).toBe(0)
    // The drive that failed for want of it is on its way again, without a click.
    await goTo(page, 'Drives')
    await row(page, 'Drive-work').getByText('Preparing the bridge').waitFor()
  })

  test('is told of at 15 and at 5 minutes and when it is over, each once, and a click signs in again', async () => {
    await start('work')
    await signIn('work')
    await app.clickElsewhere()
    await pass(6)
    await app.notification('Sign-in for work ends in 14 minutes')
    await pass(1)
    await pass(9)
    await app.notification('Sign-in for work ends in 4 minutes')
    await pass(5)
    const { actions, body } = await app.notification('Sign-in for work has ended')
    expect(actions).toEqual(['Sign In'])
    expect(body).toContain('Sign in again')
    await pass(30)
    expect(shown()).toEqual([
      'Sign-in for work ends in 14 minutes',
      'Sign-in for work ends in 4 minutes',
      'Sign-in for work has ended',
    ])
    await expect.poll(() => app.desk.tray?.imagePath).toMatch(/errorTemplate\.png$/)

    await app.clickNotification('Sign-in for work has ended')
    // The popover opens where the code is.
    await approve()
    await expect.poll(() => app.desk.windows).toMatchObject([{ isVisible: true }])
    await row(page, 'work')
      .getByText(/^Signed in/)
      .waitFor()
  })

  test('is told of together where several end, and the click shows the accounts', async () => {
    await start('play', 'work')
    await signIn('work')
    await goTo(page, 'Drives')
    await app.clickElsewhere()
    await pass(6)
    const { actions } = await app.notification('2 sign-ins end soon')
    expect(actions).toEqual(['Show Accounts'])
    await app.chooseNotificationAction('2 sign-ins end soon', 'Show Accounts')
    await row(await app.page(), 'play')
      .getByText(/^Ends soon · 1[34] min left/)
      .waitFor()
    expect(app.desk.windows).toMatchObject([{ isVisible: true }])
  })

  test('is not told of where that is switched off', async () => {
    await start('work')
    await signIn('work')
    await goToSettings(page, 'General')
    const ends = page.getByRole('switch', { name: 'A sign-in ends soon' })
    await ends.click()
    await expect.poll(async () => (await home.readSettings()).notifications['session-expiring']).toBe(false)
    await app.clickElsewhere()
    await pass(6)
    await pass(10)
    await pass(5)
    await app.notification('Sign-in for work has ended')
    expect(shown()).toEqual(['Sign-in for work has ended'])
  })
})
