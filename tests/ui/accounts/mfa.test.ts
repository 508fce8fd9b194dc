import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { AwsAccount } from '../../harness/aws/account.ts'
import { keyLines } from '../../harness/aws/local-aws.ts'
import type { AwsService } from '../../harness/aws/service.ts'
import { countActions, startSts } from '../../harness/aws/sts.ts'
import { type RunningApp } from '../../harness/electron/start-app.ts'
import { useChromium } from '../../harness/electron/use-chromium.ts'
import { needs } from '../../harness/needs.ts'
import { button, row } from './views.ts'
import { playEngine, type PlayedEngine } from '../engine/played-engine.ts'
import { fileSystemDrive, makeAppHome, type AppHome } from './app-home.ts'

const serial = 'arn:aws:iam::111122223333:mfa/ann'

needs('chromium')('a drive whose profile asks for a code', () => {
  const browser = useChromium()
  let home: AppHome
  let sts: AwsService
  let engine: PlayedEngine
  let app: RunningApp
  let page: Page
  beforeEach(async () => {
    home = await makeAppHome()
    const account = new AwsAccount()
    const key = account.addUser('ann')
    const role = account.addRole('Files', { trusts: [key.arn], mfa: { serial, code: '123456' } })
    sts = await startSts({ account, nowMs: () => Date.now() })
    await home.writeAws('credentials', `[ann]\n${keyLines(key)}`)
    await home.writeAws(
      'config',
      `[profile files]\nrole_arn = ${role.arn}\nsource_profile = ann\nmfa_serial = ${serial}\nregion = eu-central-1\n`,
    )
    await home.writeSettings({ drives: [{ ...fileSystemDrive('Photos', 'files'), autoMount: false }] })
    engine = await playEngine(home.engineSocketPath)
    app = await home.start(browser(), { AWS_ENDPOINT_URL_STS: sts.url })
    await app.clickTray()
    page = await app.page()
  })
  afterEach(async () => {
    await app[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
    await sts[Symbol.asyncDispose]()
    expect(await home.readLogs()).not.toContain('123456')
    await home[Symbol.asyncDispose]()
  })

  function question() {
    return page.getByRole('dialog', { name: 'AWS wants a code' })
  }

  async function mount(): Promise<void> {
    await button(page, 'Mount Photos').click()
    await question().waitFor()
  }

  async function answer(code: string): Promise<void> {
    await question().getByLabel('Code').fill(code)
    await page.keyboard.press('Enter')
  }

  test('is mounted with the code', async () => {
    await mount()
    expect(await question().innerText()).toContain(serial)
    await answer('123 456')
    await row(page, 'Photos').getByText('Preparing the bridge').waitFor()
    await expect.poll(() => question().count()).toBe(0)
    await expect.poll(() => countActions(sts.requests, 'AssumeRole')).toBe(1)
  })

  test('is left alone when the question is declined, and asks again when it is mounted again', async () => {
    await mount()
    await page.keyboard.press('Escape')
    await row(page, 'Photos').getByText('Not mounted').waitFor()
    expect(await question().count()).toBe(0)
    expect(await page.getByRole('alert').count()).toBe(0)
    // Esc has answered the question, and not closed the popover.
    expect(app.desk.windows).toMatchObject([{ isVisible: true }])
    expect(sts.requests).toEqual([])
    await button(page, 'Mount Photos').click()
    await question().waitFor()
  })

  test('says so when the code is wrong, and asks for another only when a person tries again', async () => {
    await mount()
    await answer('654321')
    await row(page, 'Photos').getByText('Could not be mounted').waitFor()
    expect(await question().count()).toBe(0)
    expect(countActions(sts.requests, 'AssumeRole')).toBe(1)
    await row(page, 'Photos').getByRole('button', { name: 'Try again' }).click()
    await question().waitFor()
    await answer('123456')
    await row(page, 'Photos').getByText('Preparing the bridge').waitFor()
  })

  test('is asked for no longer when the mount is cancelled from the menu', async () => {
    await mount()
    await app.clickTray('right-click')
    await app.chooseMenuItem('Photos', 'Stop Mounting')
    await expect.poll(() => question().count()).toBe(0)
    await row(page, 'Photos').getByText('Not mounted').waitFor()
  })

  test('brings the question forward when it is mounted without the popover, and the icon says so until it is answered', async () => {
    // Before it shows anything, the page hears no key.
    await button(page, 'Mount Photos').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(isOpen).toBe(false)
    await app.clickTray('right-click')
    await app.chooseMenuItem('Photos', 'Mount')
    await question().waitFor()
    await expect.poll(isOpen).toBe(true)
    await app.clickElsewhere()
    await expect.poll(isOpen).toBe(false)
    await expect.poll(() => app.desk.tray?.imagePath).toMatch(/attentionTemplate\.png$/)
    await expect.poll(() => app.desk.tray?.toolTip).toContain('AWS wants a code')
    // A click on the icon just now would be taken for the one that hid it.
    await app.activate()
    await expect.poll(isOpen).toBe(true)
    await answer('123456')
    await row(page, 'Photos').getByText('Preparing the bridge').waitFor()
    await expect.poll(() => app.desk.tray?.imagePath).toMatch(/workingTemplate\.png$/)
  })

  test('that mounts by itself disturbs nobody with it: the icon says that something waits', async () => {
    await app[Symbol.asyncDispose]()
    await home.writeSettings({ drives: [fileSystemDrive('Photos', 'files')] })
    app = await home.start(browser(), { AWS_ENDPOINT_URL_STS: sts.url })
    await expect.poll(() => app.desk.tray?.imagePath).toMatch(/attentionTemplate\.png$/)
    expect(isOpen()).toBe(false)
    await app.clickTray()
    page = await app.page()
    await answer('123456')
    await row(page, 'Photos').getByText('Preparing the bridge').waitFor()
  })

  function isOpen(): boolean {
    return app.desk.windows.some(({ isVisible }) => isVisible)
  }
})
