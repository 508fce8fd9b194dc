import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'

import { AwsAccount } from '../../harness/aws/account.ts'
import { keyLines } from '../../harness/aws/local-aws.ts'
import { type RunningApp } from '../../harness/electron/start-app.ts'
import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import { button, goTo, goToSettings, row } from '../accounts/views.ts'
import { fileSystemDrive, makeAppHome, type AppHome } from '../accounts/app-home.ts'
import { playEngine, type PlayedEngine } from './played-engine.ts'

needs('chromium')('container engines and the app', () => {
  const browser = useChromium()
  let home: AppHome
  let app: RunningApp
  const engines = new AsyncDisposableStack()
  beforeEach(async () => {
    home = await makeAppHome()
    await home.writeAws('credentials', `[ann]\n${keyLines(new AwsAccount().addUser('ann'))}`)
  })
  afterEach(async () => {
    await app[Symbol.asyncDispose]()
    await home[Symbol.asyncDispose]()
  })
  afterAll(() => engines.disposeAsync())

  test('where none runs at login, a drive on S3 Files says so, and goes on by itself when one does', async () => {
    await home.writeSettings({ drives: [fileSystemDrive('Photos', 'ann')] })
    app = await home.start(browser(), {}, { machine: { wasOpenedAtLogin: true } })
    const { title, actions } = await app.notification('container engine')
    expect([title, actions]).toEqual(['No container engine is running', ['Choose an Engine']])
    await expect.poll(() => app.desk.tray?.imagePath).toMatch(/errorTemplate\.png$/)
    expect(app.desk.windows).toMatchObject([{ isVisible: false }])

    await app.clickNotification(title)
    const page = await app.page()
    await page.getByText('No container engine can be used').waitFor()
    await goTo(page, 'Drives')
    const trouble = page.getByRole('region', { name: 'What needs attention' })
    await expect.poll(() => trouble.getByRole('button').allInnerTexts()).toEqual(['Choose an engine'])
    await row(page, 'Photos').getByText('Could not be mounted').waitFor()
    await row(page, 'Photos').getByRole('button', { name: 'Choose an engine' }).click()
    await page.getByText('No container engine can be used').waitFor()

    const engine = engines.use(await playEngine(home.engineSocketPath))
    // As after a wait of ten seconds, which is how often it is looked for.
    await button(page, 'Look again').click()
    await page.getByText('Using Docker Desktop 28.5.1').waitFor()
    await goTo(page, 'Drives')
    await row(page, 'Photos').getByText('Preparing the bridge').waitFor()
    await expect.poll(() => trouble.count()).toBe(0)
    await expect.poll(() => builds(engine)).not.toEqual([])
    expect(app.deeds.filter(({ what }) => what === 'show-notification')).toHaveLength(1)
  })

  test('one that is started later is noticed without a click', async () => {
    await home.writeSettings({ drives: [fileSystemDrive('Photos', 'ann')] })
    app = await home.start(browser())
    await app.clickTray()
    const page = await app.page()
    await row(page, 'Photos').getByText('Could not be mounted').waitFor()
    engines.use(await playEngine(home.engineSocketPath))
    await row(page, 'Photos').getByText('Preparing the bridge').waitFor()
    await button(page, 'Cancel Photos').click()
    await row(page, 'Photos').getByText('Not mounted').waitFor()
  })

  test('nobody without drives on S3 Files is bothered', async () => {
    app = await home.start(browser())
    const page = await app.page()
    await goToSettings(page, 'Engine')
    await page.getByText('No container engine can be used').waitFor()
    await goTo(page, 'Drives')
    expect(await page.getByRole('region', { name: 'What needs attention' }).count()).toBe(0)
    expect(app.deeds).toEqual([])
  })

  test('of several, the one that a person chooses is used, and stays chosen', async () => {
    const sockets = ['.docker/run/docker.sock', '.orbstack/run/docker.sock'].map((path) =>
      join(home.userDir, path),
    )
    for (const path of sockets) await mkdir(dirname(path), { recursive: true })
    const [desktopPath = '', orbstackPath = ''] = sockets
    const desktop = engines.use(await playEngine(desktopPath))
    const orbstack = engines.use(
      await playEngine(orbstackPath, { version: '29.0.0', operatingSystem: 'OrbStack' }),
    )
    await home.writeSettings({ drives: [{ ...fileSystemDrive('Photos', 'ann'), autoMount: false }] })
    app = await home.start(browser(), { DOCKER_HOST: undefined })
    await app.clickTray()
    let page = await app.page()
    await goToSettings(page, 'Engine')
    await page.getByText('Using Docker Desktop 28.5.1').waitFor()
    await page.getByRole('radio', { name: /^OrbStack/ }).click()
    await page.getByText('Using OrbStack 29.0.0').waitFor()
    expect((await home.readSettings()).engine).toBe(orbstackPath)

    await app[Symbol.asyncDispose]()
    app = await home.start(browser(), { DOCKER_HOST: undefined })
    await app.clickTray()
    page = await app.page()
    await button(page, 'Mount Photos').click()
    await row(page, 'Photos').getByText('Preparing the bridge').waitFor()
    await expect.poll(() => builds(orbstack)).not.toEqual([])
    expect(builds(desktop)).toEqual([])

    // One that is gone is said to be, and another is not taken in its place.
    await orbstack[Symbol.asyncDispose]()
    await row(page, 'Photos').getByText('Could not be mounted').waitFor()
    await goToSettings(page, 'Engine')
    await page.getByText('No container engine can be used').waitFor()
    await page.getByText('Chosen before, not found now').waitFor()
    await page.getByRole('radio', { name: /^Whichever is found/ }).click()
    await page.getByText('Using Docker Desktop 28.5.1').waitFor()
    expect((await home.readSettings()).engine).toBeUndefined()
    await goTo(page, 'Drives')
    await row(page, 'Photos').getByText('Preparing the bridge').waitFor()
  })
})

/** What comes with the building of an image, and with nothing before. */
function builds({ requests }: PlayedEngine): readonly string[] {
  return requests.filter((line) => /^POST \/(session|build)/.test(line))
}
