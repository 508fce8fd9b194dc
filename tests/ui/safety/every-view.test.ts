import axe, { type AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startIdentityCenter, type LocalIdentityCenter } from '../../harness/aws/start-identity-center.ts'
import { startChromium, type RunningApp } from '../../harness/electron/start-app.ts'
import { needs } from '../../harness/needs.ts'
import {
  endingProfiles,
  fileSystemDrive,
  identityCenterEnv,
  makeAppHome,
  type AppHome,
} from '../accounts/app-home.ts'
import { button, goTo, goToSettings, row, settingsParts, views } from '../accounts/views.ts'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const kinds = ['S3 Files file system', 'From a stack', 'New S3 Files stack', 'Sandbox folder']

needs('chromium')('every view of the running app', () => {
  let browser: Browser
  let home: AppHome
  let center: LocalIdentityCenter
  let app: RunningApp
  let page: Page
  beforeAll(async () => {
    browser = await startChromium()
    center = await startIdentityCenter()
    home = await makeAppHome()
    await home.writeAws('config', endingProfiles(center, 'work', 'play'))
    const sandbox = {
      id: 'sandbox',
      name: 'Sandbox',
      kind: 'sandbox',
      port: 49_300,
      pathSecret: 'f'.repeat(32),
      readOnly: false,
      writeMode: 'queued',
      sourceDir: home.userDir,
    } as const
    await home.writeSettings({ drives: [fileSystemDrive('Photos', 'work'), sandbox] })
    app = await home.start(browser, identityCenterEnv(center))
    await app.clickTray()
    page = await app.page()
    // One that could not be mounted, with a condition above it: for want of an engine.
    await row(page, 'Photos').getByText('Could not be mounted').waitFor()
  })
  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await home[Symbol.asyncDispose]()
    await center[Symbol.asyncDispose]()
    await browser.close()
  })

  const addDrive = async (kind?: string): Promise<void> => {
    await goTo(page, 'Activity')
    await goTo(page, 'Drives')
    await button(page, 'Add drive…').click()
    if (kind !== undefined) await page.getByRole('button', { name: new RegExp(`^${kind}`) }).click()
    await page.getByRole('heading', { name: kind ?? 'Add a drive' }).waitFor()
  }
  const all: readonly (readonly [string, () => Promise<unknown>])[] = [
    ...views.map((view) => [view, () => goTo(page, view)] as const),
    ...settingsParts.map((part) => [`Settings, ${part}`, () => goToSettings(page, part)] as const),
    ['Add drive', () => addDrive()],
    ...kinds.map((kind) => [`Add drive, ${kind}`, () => addDrive(kind)] as const),
    [
      'Accounts, with a code to be typed',
      async () => {
        await goTo(page, 'Accounts')
        await button(page, 'Sign in to work').click()
        await page.getByRole('group', { name: 'Code for signing in' }).first().waitFor()
      },
    ],
    [
      'Settings, Advanced, with a question',
      async () => {
        await goToSettings(page, 'Advanced')
        await page.getByRole('button', { name: 'Reset…' }).click()
        await page.getByRole('dialog').waitFor()
      },
    ],
  ]

  describe.each(all)('%s', (_name, go) => {
    test('has nothing that axe finds wrong, in light and in dark', async () => {
      await go()
      for (const isDark of [false, true]) {
        await app.setDark(isDark)
        expect(await violations(page)).toEqual([])
      }
    })
  })

  test('the checks themselves see what is wrong', async () => {
    await page.keyboard.press('Escape')
    await goTo(page, 'Drives')
    const heading = page.getByRole('heading', { name: 'Photos' })
    await heading.evaluate(
      (element) => ((element as unknown as { style: { color: string } }).style.color = '#bbbbbb'),
    )
    await app.setDark(false)
    expect((await violations(page)).join()).toContain('color-contrast')
  })
})

needs('chromium')('the keyboard alone', () => {
  test('leads a newcomer from the icon through the views to a drive in the list', async () => {
    await using browser = await startChromium()
    await using home = await makeAppHome()
    await using app = await home.start(browser)
    const page = await app.page()
    await button(page, 'Mount the Sandbox').waitFor()
    // All the way around to the one before: Settings has parts, one of which is called as a view is.
    for (const view of views.toReversed()) {
      await tabTo(page, view)
      await page.keyboard.press('Enter')
      await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe(view)
    }
    await tabTo(page, 'Connect an S3 Files file system…')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Sandbox folder')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Folder' }).waitFor()
    await tabTo(page, 'Folder')
    await page.keyboard.type(home.userDir)
    await tabTo(page, 'Mount now')
    await page.keyboard.press('Space')
    await tabTo(page, 'Add drive')
    await page.keyboard.press('Enter')
    await row(page, 'user').getByText('Not mounted').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => app.desk.windows.some(({ isVisible }) => isVisible)).toBe(false)
  })
})

interface AxeWindow {
  readonly axe: typeof axe
  readonly document: never
}

async function violations(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source)
  const results: AxeResults = await page.evaluate(async (runOnly) => {
    const { axe, document } = globalThis as unknown as AxeWindow
    return await axe.run(document, { runOnly, resultTypes: ['violations'] })
  }, rules)
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary ?? ''}`),
  )
}

/** Presses Tab until what has the focus is called `name`, or begins with it. @throws when it has gone all around. */
async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = []
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press('Tab')
    const focused: string = await page.evaluate(`(() => {
      const element = document.activeElement
      const label = element.labels?.[0]?.textContent
      return element.getAttribute('aria-label') ?? label ?? element.textContent
    })()`)
    if (focused.startsWith(name)) return
    seen.push(focused)
  }
  throw new Error(`"${name}" is not reached by Tab: ${seen.join(', ')}`)
}
